(source_file) @scope
[(function_declaration) (method_declaration) (method_elem) (func_literal) (block)] @scope
[(for_statement) (if_statement) (expression_switch_statement) (type_switch_statement)] @scope
[(expression_case) (type_case) (communication_case)] @scope

(function_declaration name: (identifier) @outer.function)
(type_spec name: (type_identifier) @local.type)
(type_alias name: (type_identifier) @local.type)
(parameter_declaration name: (identifier) @local.parameter)
(variadic_parameter_declaration name: (identifier) @local.parameter)
(const_spec name: (identifier) @local.constant)
(var_spec name: (identifier) @local.variable)
(short_var_declaration left: (expression_list (identifier) @local.variable))
(range_clause left: (expression_list (identifier) @local.variable))
(import_spec name: (package_identifier) @local.module)
