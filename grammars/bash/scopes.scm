[(program) (function_definition)] @scope
(function_definition name: (word) @outer.function)
(variable_assignment name: (variable_name) @local.variable)
(for_statement variable: (variable_name) @local.variable)
