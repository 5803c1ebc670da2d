(function_declaration
  name: (_) @name parameters: (_) @parameters result: (_)? @result body: (_) @body) @documented
(method_declaration
  name: (_) @name parameters: (_) @parameters result: (_)? @result body: (_) @body) @documented
(type_declaration (type_spec name: (_) @name) @documented)

(parameter_list [
  (parameter_declaration name: (identifier) @parameter type: (_) @type)
  (variadic_parameter_declaration name: (identifier) @parameter type: (_) @type)
])
