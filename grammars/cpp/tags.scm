(namespace_definition name: (_) @name body: (_) @body) @definition.namespace
(class_specifier name: (type_identifier) @name body: (_) @body) @definition.class
(function_definition
  declarator: [
    (_ declarator: [(field_identifier) (destructor_name) (operator_name)] @name)
    (_ declarator: (_ declarator: (field_identifier) @name))
    (reference_declarator (_ declarator: [(field_identifier) (identifier) (operator_name)] @name))
  ]
  body: (_) @body) @definition.function
(function_definition
  declarator: [
    (_ declarator: (_ scope: (_) @owner name: [(identifier) (destructor_name)] @name))
    (_ declarator: (_ name: (_ scope: (_) @owner name: [(identifier) (destructor_name)] @name)))
    (_ declarator: (_ declarator: (_ scope: (_) @owner name: (identifier) @name)))
    (reference_declarator (_ declarator: (_ scope: (_) @owner name: (identifier) @name)))
  ]
  body: (_) @body) @definition.function
(field_declaration_list
  (declaration declarator: (function_declarator declarator: (_) @name)) @definition.function)
(field_declaration declarator: (function_declarator declarator: (field_identifier) @name)) @definition.function
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name) @definition.type
