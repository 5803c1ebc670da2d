(interface_body) @scope.members
[(method_signature) (abstract_method_signature) (function_signature) (function_type)] @scope
(abstract_class_declaration name: (_) @local.class)
(interface_declaration name: (_) @local.interface)
(enum_declaration name: (_) @local.enum)
(type_alias_declaration name: (_) @local.type)
(internal_module name: (identifier) @local.namespace)
(required_parameter pattern: [
  (identifier) @local.parameter
  (rest_pattern (identifier) @local.parameter)
  (object_pattern (shorthand_property_identifier_pattern) @local.parameter)
])
(optional_parameter pattern: (identifier) @local.parameter)
