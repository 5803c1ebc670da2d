(program) @scope
(record_declaration) @scope
[(class_body) (interface_body) (enum_body)] @scope
[(method_declaration) (constructor_declaration) (lambda_expression) (block) (constructor_body)] @scope
[(for_statement) (enhanced_for_statement) (try_with_resources_statement) (catch_clause)] @scope

(class_declaration name: (identifier) @local.class)
(record_declaration name: (identifier) @outer.class)
(interface_declaration name: (identifier) @local.interface)
(enum_declaration name: (identifier) @local.enum)
(method_declaration name: (identifier) @outer.method)
(field_declaration declarator: (variable_declarator name: (identifier) @local.field))
(enum_constant name: (identifier) @local.enum_member)
(formal_parameter name: (identifier) @local.parameter)
(spread_parameter (variable_declarator name: (identifier) @local.parameter))
(catch_formal_parameter name: (identifier) @local.parameter)
(inferred_parameters (identifier) @local.parameter)
(lambda_expression parameters: (identifier) @local.parameter)
(local_variable_declaration declarator: (variable_declarator name: (identifier) @local.variable))
(enhanced_for_statement name: (identifier) @local.variable)
(resource name: (identifier) @local.variable)
(import_declaration (scoped_identifier name: (identifier) @local.import))
