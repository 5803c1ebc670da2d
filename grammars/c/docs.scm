(function_definition
  type: (_) @result
  declarator: [
    (function_declarator declarator: (_) @name parameters: (_) @parameters)
    (pointer_declarator declarator: (function_declarator declarator: (_) @name parameters: (_) @parameters))
  ]
  body: (_) @body) @documented
(parameter_list (parameter_declaration type: (_) @type declarator: [
  (identifier) @parameter
  (pointer_declarator declarator: (identifier) @parameter)
  (array_declarator declarator: (identifier) @parameter)
]))
