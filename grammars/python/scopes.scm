; A class body is seen only directly inside itself, not in its methods.
(module) @scope
(class_definition) @scope.members
(function_definition) @scope
(lambda) @scope
[(list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @scope

(class_definition name: (identifier) @outer.class)
(function_definition name: (identifier) @outer.function)
(parameters [
  (identifier) @local.parameter
  (default_parameter name: (identifier) @local.parameter)
  (typed_parameter (identifier) @local.parameter)
  (typed_default_parameter name: (identifier) @local.parameter)
  (list_splat_pattern (identifier) @local.parameter)
  (dictionary_splat_pattern (identifier) @local.parameter)
])
(lambda_parameters (identifier) @local.parameter)
(assignment left: (identifier) @local.variable)
(assignment left: (pattern_list (identifier) @local.variable))
(named_expression name: (identifier) @local.variable)
(for_statement left: (identifier) @local.variable)
(for_statement left: (pattern_list (identifier) @local.variable))
(for_in_clause left: (identifier) @local.variable)
(for_in_clause left: (pattern_list (identifier) @local.variable))
(as_pattern_target (identifier) @local.variable)
(import_statement name: (dotted_name . (identifier) @local.module))
(import_statement name: (aliased_import alias: (identifier) @local.module))
(import_from_statement name: (dotted_name (identifier) @local.import))
(import_from_statement name: (aliased_import alias: (identifier) @local.import))
