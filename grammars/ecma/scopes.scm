(program) @scope
(statement_block) @scope
(class_body) @scope.members
(for_statement) @scope
(for_in_statement) @scope
(catch_clause) @scope
[(function_declaration) (generator_function_declaration) (function_expression) (arrow_function) (method_definition)] @scope

(class_declaration name: (_) @local.class)
(function_declaration name: (identifier) @outer.function)
(generator_function_declaration name: (identifier) @outer.function)
(function_expression name: (identifier) @local.function)
(arrow_function parameter: (identifier) @local.parameter)
(variable_declarator name: [
  (identifier) @local.variable
  (object_pattern (shorthand_property_identifier_pattern) @local.variable)
  (object_pattern (pair_pattern value: (identifier) @local.variable))
  (array_pattern (identifier) @local.variable)
])
(for_in_statement left: (identifier) @local.variable)
(catch_clause parameter: (identifier) @local.variable)
(import_clause (identifier) @local.import)
(namespace_import (identifier) @local.module)
(import_specifier !alias name: (identifier) @local.import)
(import_specifier alias: (identifier) @local.import)
