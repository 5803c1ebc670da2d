[(namespace_definition) (lambda_expression) (for_range_loop) (catch_clause)] @scope
(class_specifier name: (type_identifier) @local.class)
(struct_specifier name: (type_identifier) @local.struct)
(for_range_loop declarator: (identifier) @local.variable)
(alias_declaration name: (type_identifier) @local.type)
(lambda_expression declarator: (_ parameters: (parameter_list
  (parameter_declaration declarator: (identifier) @local.parameter))))
(function_definition declarator: (_ parameters: (parameter_list
  (parameter_declaration declarator: (reference_declarator (identifier) @local.parameter)))))
