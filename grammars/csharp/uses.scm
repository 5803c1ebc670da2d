(member_access_expression expression: "this" @self name: (identifier) @member)
(member_access_expression expression: "base" @super name: (identifier) @member)
(member_access_expression expression: (_) @receiver name: (identifier) @member)
(conditional_access_expression
  condition: (_) @receiver (member_binding_expression name: (identifier) @member))
(member_binding_expression name: (identifier) @member)
(qualified_name name: (identifier) @member)
(argument name: (identifier) @label)
(invocation_expression
  function: (identifier) @of arguments: (argument_list (argument name: (identifier) @label)))
(invocation_expression
  function: (member_access_expression name: (identifier) @of)
  arguments: (argument_list (argument name: (identifier) @label)))
(object_creation_expression
  type: (identifier) @of arguments: (argument_list (argument name: (identifier) @label)))
(initializer_expression (assignment_expression left: (identifier) @label))
(object_creation_expression
  type: (identifier) @of
  initializer: (initializer_expression (assignment_expression left: (identifier) @label)))

(variable_declaration type: (identifier) @class (variable_declarator name: (identifier) @instance))
(variable_declaration
  (variable_declarator name: (identifier) @instance (object_creation_expression type: (identifier) @class)))
(parameter type: (identifier) @class name: (identifier) @instance)
(class_declaration name: (identifier) @derived (base_list (identifier) @base))

(invocation_expression function: (identifier) @callee arguments: (argument_list) @arguments)
(invocation_expression
  function: (member_access_expression name: (identifier) @callee) arguments: (argument_list) @arguments)
(invocation_expression
  function: (conditional_access_expression (member_binding_expression name: (identifier) @callee))
  arguments: (argument_list) @arguments)
(object_creation_expression type: (identifier) @callee arguments: (argument_list) @arguments)
(parameter_list (parameter "=" (_) @default) @optional)
