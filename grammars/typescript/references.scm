(type_annotation (type_identifier) @name) @reference.type
(type_arguments (type_identifier) @name) @reference.type
(implements_clause (type_identifier) @name) @reference.type
(extends_clause value: (identifier) @name) @reference.type
