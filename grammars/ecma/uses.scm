(member_expression object: (this) @self property: [(property_identifier) (private_property_identifier)] @member)
(member_expression object: (super) @super property: [(property_identifier) (private_property_identifier)] @member)
(member_expression object: (_) @receiver property: [(property_identifier) (private_property_identifier)] @member)
(pair key: (property_identifier) @label)
(pair_pattern key: (property_identifier) @label)
(import_specifier name: (identifier) @label alias: (identifier))
(method_definition name: [(property_identifier) (private_property_identifier)] @member)
[(shorthand_property_identifier) (shorthand_property_identifier_pattern)] @shorthand

(variable_declarator name: (identifier) @instance value: (new_expression constructor: (identifier) @class))

(call_expression function: (identifier) @callee arguments: (arguments) @arguments)
(call_expression
  function: (member_expression property: [(property_identifier) (private_property_identifier)] @callee)
  arguments: (arguments) @arguments)
(call_expression function: (super) @callee arguments: (arguments) @arguments)
(new_expression constructor: (identifier) @callee arguments: (arguments) @arguments)
(arguments (spread_element) @spread)
