[(program) (method) (singleton_method) (block) (do_block) (lambda)] @scope
[(class) (module)] @scope
(class name: (constant) @outer.class)
(module name: (constant) @outer.namespace)
(method name: (identifier) @outer.method)
(method_parameters [
  (identifier) @local.parameter
  (optional_parameter name: (identifier) @local.parameter)
  (keyword_parameter name: (identifier) @local.parameter)
  (splat_parameter name: (identifier) @local.parameter)
  (block_parameter name: (identifier) @local.parameter)
])
(block_parameters (identifier) @local.parameter)
(assignment left: [(identifier) (instance_variable) (constant)] @local.variable)
