[(program) (function_definition) (method_declaration) (anonymous_function) (arrow_function)] @scope
(function_definition name: (name) @outer.function)
(class_declaration name: (name) @local.class)
(simple_parameter name: (variable_name) @local.parameter)
(property_promotion_parameter name: (variable_name) @local.parameter)
(assignment_expression left: (variable_name) @local.variable)
(foreach_statement (variable_name) @local.variable)
