(selector_expression operand: (_) @receiver field: (field_identifier) @member)
(method_declaration name: (field_identifier) @member)
(field_declaration name: (field_identifier) @member)
(method_elem name: (field_identifier) @member)
(qualified_type name: (type_identifier) @member)
(keyed_element key: (literal_element (identifier) @label))
(composite_literal
  type: (type_identifier) @of
  body: (literal_value (keyed_element key: (literal_element (identifier) @label))))

(parameter_declaration name: (identifier) @instance type: (type_identifier) @class)
(parameter_declaration name: (identifier) @instance type: (pointer_type (type_identifier) @class))
(var_spec name: (identifier) @instance type: (type_identifier) @class)
(var_spec name: (identifier) @instance type: (pointer_type (type_identifier) @class))
(short_var_declaration
  left: (expression_list . (identifier) @instance .)
  right: (expression_list . (composite_literal type: (type_identifier) @class) .))
(short_var_declaration
  left: (expression_list . (identifier) @instance .)
  right: (expression_list . (unary_expression operand: (composite_literal type: (type_identifier) @class)) .))

(call_expression function: (identifier) @callee arguments: (argument_list) @arguments)
(call_expression
  function: (selector_expression field: (field_identifier) @callee) arguments: (argument_list) @arguments)
(argument_list (variadic_argument) @spread)
(parameter_list (variadic_parameter_declaration) @optional)
