(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters
  return_type: (type)? @result
  body: (block) @body) @documented
(class_definition name: (identifier) @name body: (block) @body) @documented

(parameters [
  (identifier) @parameter
  (default_parameter name: (identifier) @parameter)
  (typed_parameter . (identifier) @parameter type: (type) @type)
  (typed_parameter . (list_splat_pattern (identifier) @parameter) type: (type) @type)
  (typed_parameter . (dictionary_splat_pattern (identifier) @parameter) type: (type) @type)
  (typed_default_parameter name: (identifier) @parameter type: (type) @type)
  (list_splat_pattern (identifier) @parameter)
  (dictionary_splat_pattern (identifier) @parameter)
])
