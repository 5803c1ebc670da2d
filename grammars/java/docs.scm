(class_declaration name: (identifier) @name body: (_) @body) @documented
(record_declaration name: (identifier) @name parameters: (_) @parameters body: (_) @body) @documented
(interface_declaration name: (identifier) @name body: (_) @body) @documented
(enum_declaration name: (identifier) @name body: (_) @body) @documented
(method_declaration
  type: (_) @result name: (identifier) @name parameters: (_) @parameters body: (_)? @body) @documented
(constructor_declaration name: (identifier) @name parameters: (_) @parameters body: (_) @body) @documented

(formal_parameters [
  (formal_parameter type: (_) @type name: (identifier) @parameter)
  (spread_parameter (variable_declarator name: (identifier) @parameter))
])
