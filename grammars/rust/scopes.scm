(source_file) @scope
[(mod_item) (function_item) (closure_expression) (block) (for_expression) (match_arm)] @scope

(function_item name: (identifier) @outer.function)
(struct_item name: (type_identifier) @local.struct)
(enum_item name: (type_identifier) @local.enum)
(trait_item name: (type_identifier) @local.trait)
(type_item name: (type_identifier) @local.type)
(const_item name: (identifier) @local.constant)
(static_item name: (identifier) @local.variable)
(parameter pattern: (identifier) @local.parameter)
(closure_parameters (identifier) @local.parameter)
(let_declaration pattern: (identifier) @local.variable)
(let_declaration pattern: (tuple_pattern (identifier) @local.variable))
(for_expression pattern: (identifier) @local.variable)
(use_declaration argument: (scoped_identifier name: (identifier) @local.import))
(use_list (identifier) @local.import)
(use_as_clause alias: (identifier) @local.import)
