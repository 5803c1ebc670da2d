(function_item name: (_) @name parameters: (_) @parameters return_type: (_)? @result body: (_) @body) @documented
(struct_item name: (_) @name) @documented
(enum_item name: (_) @name) @documented
(trait_item name: (_) @name) @documented
(parameters (parameter pattern: (identifier) @parameter type: (_) @type))
