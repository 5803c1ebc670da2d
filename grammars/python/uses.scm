(attribute object: (identifier) @self attribute: (identifier) @member (#any-of? @self "self" "cls"))
(attribute
  object: (call function: (identifier) @_super (#eq? @_super "super")) @super attribute: (identifier) @member)
(attribute object: (_) @receiver attribute: (identifier) @member)
(keyword_argument name: (identifier) @label)
(call function: (identifier) @of arguments: (argument_list (keyword_argument name: (identifier) @label)))
(call
  function: (attribute attribute: (identifier) @of)
  arguments: (argument_list (keyword_argument name: (identifier) @label)))
(import_from_statement module_name: [
  (dotted_name (identifier) @label)
  (relative_import (dotted_name (identifier) @label))
])
(import_statement name: (dotted_name . (identifier) (identifier) @label))
(aliased_import name: (dotted_name (identifier) @label))
[(global_statement (identifier) @outward) (nonlocal_statement (identifier) @outward)]

(assignment left: (identifier) @instance right: (call function: (identifier) @class))
(assignment left: (identifier) @instance type: (type (identifier) @class))
(typed_parameter . (identifier) @instance type: (type (identifier) @class))
(typed_default_parameter name: (identifier) @instance type: (type (identifier) @class))
(as_pattern (call function: (identifier) @class) alias: (as_pattern_target (identifier) @instance))
(class_definition name: (identifier) @derived superclasses: (argument_list (identifier) @base))

(call function: (identifier) @callee arguments: (argument_list) @arguments)
(call function: (attribute attribute: (identifier) @callee) arguments: (argument_list) @arguments)
(argument_list [(list_splat) (dictionary_splat)] @spread)
(parameters [
  (default_parameter value: (_) @default)
  (typed_default_parameter value: (_) @default)
] @optional)
(parameters [
  (list_splat_pattern)
  (dictionary_splat_pattern)
  (typed_parameter [(list_splat_pattern) (dictionary_splat_pattern)])
] @optional)
(parameters [(keyword_separator) (list_splat_pattern) (typed_parameter (list_splat_pattern))] @named)
