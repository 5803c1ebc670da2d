(class_declaration name: (identifier) @name body: (_) @body) @documented
(record_declaration name: (identifier) @name) @documented
(struct_declaration name: (identifier) @name body: (_) @body) @documented
(interface_declaration name: (identifier) @name body: (_) @body) @documented
(enum_declaration name: (identifier) @name body: (_) @body) @documented
(property_declaration name: (identifier) @name) @documented
(method_declaration
  returns: (_) @result name: (identifier) @name parameters: (_) @parameters body: (_)? @body) @documented
(constructor_declaration name: (identifier) @name parameters: (_) @parameters body: (_)? @body) @documented

(parameter_list (parameter type: (_)? @type name: (identifier) @parameter))
