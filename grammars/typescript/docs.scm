(abstract_class_declaration name: (_) @name body: (_) @body) @documented
(interface_declaration name: (_) @name body: (_) @body) @documented
(enum_declaration name: (_) @name body: (_) @body) @documented
(type_alias_declaration name: (_) @name) @documented
(function_declaration
  name: (_) @name parameters: (_) @parameters return_type: (type_annotation (_) @result) body: (_) @body) @documented
(method_definition
  name: (_) @name parameters: (_) @parameters return_type: (type_annotation (_) @result) body: (_) @body) @documented
(method_signature
  name: (_) @name parameters: (_) @parameters return_type: (type_annotation (_) @result)?) @documented
(abstract_method_signature
  name: (_) @name parameters: (_) @parameters return_type: (type_annotation (_) @result)?) @documented
(function_signature
  name: (_) @name parameters: (_) @parameters return_type: (type_annotation (_) @result)?) @documented
(variable_declarator
  name: (_) @name
  value: (arrow_function
    parameters: (_) @parameters return_type: (type_annotation (_) @result) body: (_) @body)) @documented

(formal_parameters [
  (required_parameter pattern: (identifier) @parameter type: (type_annotation (_) @type)?)
  (required_parameter pattern: (rest_pattern (identifier) @parameter) type: (type_annotation (_) @type)?)
  (optional_parameter pattern: (identifier) @parameter type: (type_annotation (_) @type)?)
])
