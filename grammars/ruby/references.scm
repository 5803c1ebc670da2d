(call method: (identifier) @name) @reference.call
(constant) @name @reference.type
