(function_declaration
  name: [
    (identifier) @name
    (dot_index_expression table: (identifier) @owner field: (identifier) @name)
    (method_index_expression table: (identifier) @owner method: (identifier) @name)
  ]
  body: (block)? @body) @definition.function
(assignment_statement
  (variable_list name: [(identifier) @name (dot_index_expression table: (identifier) @owner field: (identifier) @name)])
  (expression_list value: (function_definition body: (block)? @body))) @definition.function
(chunk (variable_declaration (assignment_statement (variable_list name: (identifier) @name))) @definition.variable)
