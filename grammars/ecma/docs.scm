(class_declaration name: (_) @name body: (_) @body) @documented
(function_declaration name: (_) @name parameters: (_) @parameters body: (_) @body) @documented
(generator_function_declaration name: (_) @name parameters: (_) @parameters body: (_) @body) @documented
(method_definition name: (_) @name parameters: (_) @parameters body: (_) @body) @documented
(variable_declarator
  name: (_) @name
  value: [
    (arrow_function parameters: (_) @parameters body: (_) @body)
    (arrow_function parameter: (identifier) @parameters body: (_) @body)
    (function_expression parameters: (_) @parameters body: (_) @body)
  ]) @documented
(pair
  key: (_) @name
  value: [
    (arrow_function parameters: (_) @parameters body: (_) @body)
    (function_expression parameters: (_) @parameters body: (_) @body)
  ]) @documented

