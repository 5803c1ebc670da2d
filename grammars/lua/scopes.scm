[(chunk) (function_declaration) (function_definition) (do_statement) (for_statement) (while_statement)] @scope
(function_declaration name: (identifier) @outer.function)
(parameters name: (identifier) @local.parameter)
(variable_list name: (identifier) @local.variable)
(for_numeric_clause name: (identifier) @local.variable)
