(relation (object_reference name: (identifier) @name)) @reference.name
