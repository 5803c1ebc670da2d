(method name: (_) @name parameters: (_)? @parameters) @documented
(singleton_method name: (_) @name parameters: (_)? @parameters) @documented
(class name: (_) @name) @documented
(module name: (_) @name) @documented
(method_parameters [
  (identifier) @parameter
  (optional_parameter name: (identifier) @parameter)
  (keyword_parameter name: (identifier) @parameter)
  (splat_parameter name: (identifier) @parameter)
  (block_parameter name: (identifier) @parameter)
])
