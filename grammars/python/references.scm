(call function: [(identifier) @name (attribute attribute: (identifier) @name)]) @reference.call
(class_definition superclasses: (argument_list (identifier) @name) @reference.type)
(type (identifier) @name) @reference.type
(decorator [(identifier) @name (call function: (identifier) @name)]) @reference.call
