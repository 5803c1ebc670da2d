(function_definition name: (_) @name parameters: (_) @parameters return_type: (_)? @result body: (_) @body) @documented
(method_declaration name: (_) @name parameters: (_) @parameters return_type: (_)? @result body: (_)? @body) @documented
(class_declaration name: (_) @name) @documented
(interface_declaration name: (_) @name) @documented
(formal_parameters (_ type: (_)? @type name: (variable_name) @parameter))
