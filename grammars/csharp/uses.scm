(member_access_expression expression: "this" @self name: (identifier) @member)
(member_access_expression expression: "base" @super name: (identifier) @member)
(member_access_expression expression: (_) @receiver name: (identifier) @member)
(conditional_access_expression
  condition: (_) @receiver (member_binding_expression name: (identifier) @member))
(member_binding_expression name: (identifier) @member)
(qualified_name name: (identifier) @member)
(argument name: (identifier) @label)
; What stands for "any" here can only be one kind of node; a query that names it compiles more slowly.
(invocation_expression
  function: [(identifier) @of (_ name: (identifier) @of)]
  arguments: (_ (_ name: (identifier) @label)))
(object_creation_expression
  type: (identifier) @of arguments: (_ (_ name: (identifier) @label)))
(initializer_expression (_ left: (identifier) @label))
(object_creation_expression
  type: (identifier) @of
  initializer: (_ (_ left: (identifier) @label)))

(variable_declaration type: (identifier) @class (variable_declarator name: (identifier) @instance))
(variable_declaration
  (variable_declarator name: (identifier) @instance (object_creation_expression type: (identifier) @class)))
(parameter type: (identifier) @class name: (identifier) @instance)
(class_declaration name: (identifier) @derived (base_list (identifier) @base))

(invocation_expression
  function: [
    (identifier) @callee
    (_ name: (identifier) @callee)
    (conditional_access_expression (member_binding_expression name: (identifier) @callee))
  ]
  arguments: (_) @arguments)
(object_creation_expression type: (identifier) @callee arguments: (argument_list) @arguments)
(parameter_list (parameter "=" (_) @default) @optional)
