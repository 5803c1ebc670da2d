[(source_file) (class_body) (function_declaration) (block) (lambda_literal) (for_statement)] @scope
(class_declaration name: (identifier) @outer.class)
(object_declaration name: (identifier) @outer.class)
(function_declaration name: (identifier) @outer.function)
(parameter . (identifier) @local.parameter)
(class_parameter (identifier) @local.property)
(variable_declaration . (identifier) @local.variable)
(import (qualified_identifier (identifier) @local.import .))
