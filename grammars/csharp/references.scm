(invocation_expression function: [
  (identifier) @name
  (member_access_expression name: (identifier) @name)
]) @reference.call
(object_creation_expression type: (identifier) @name) @reference.type
(base_list (identifier) @name) @reference.type
(parameter type: (identifier) @name) @reference.type
(variable_declaration type: (identifier) @name) @reference.type
(method_declaration returns: (identifier) @name) @reference.type
