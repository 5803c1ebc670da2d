(compilation_unit) @scope
[(record_declaration) (delegate_declaration)] @scope
[(namespace_declaration) (declaration_list) (enum_member_declaration_list)] @scope
[(method_declaration) (constructor_declaration) (local_function_statement) (lambda_expression) (block)] @scope
[(for_statement) (foreach_statement) (using_statement) (catch_clause)] @scope

(class_declaration name: (identifier) @local.class)
(record_declaration name: (identifier) @outer.class)
(delegate_declaration name: (identifier) @outer.type)
(struct_declaration name: (identifier) @local.struct)
(interface_declaration name: (identifier) @local.interface)
(enum_declaration name: (identifier) @local.enum)
(enum_member_declaration name: (identifier) @local.enum_member)
(method_declaration name: (identifier) @outer.method)
(local_function_statement name: (identifier) @outer.function)
(property_declaration name: (identifier) @local.property)
(parameter name: (identifier) @local.parameter)
(variable_declarator name: (identifier) @local.variable)
(foreach_statement left: (identifier) @local.variable)
(catch_declaration name: (identifier) @local.variable)
