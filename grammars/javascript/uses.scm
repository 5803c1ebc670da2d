(field_definition property: [(property_identifier) (private_property_identifier)] @member)
(class_declaration name: (_) @derived (class_heritage (identifier) @base))
(formal_parameters (assignment_pattern right: (_) @default) @optional)
(formal_parameters (rest_pattern) @optional)
