(class_declaration name: (_) @name) @documented
(object_declaration name: (_) @name) @documented
(function_declaration name: (_) @name (function_value_parameters) @parameters (function_body)? @body) @documented
(function_value_parameters (parameter . (identifier) @parameter))
