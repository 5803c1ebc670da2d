(formal_parameters [
  (identifier) @local.parameter
  (assignment_pattern left: (identifier) @local.parameter)
  (rest_pattern (identifier) @local.parameter)
  (object_pattern (shorthand_property_identifier_pattern) @local.parameter)
  (array_pattern (identifier) @local.parameter)
])
