(translation_unit) @scope
[(function_definition) (compound_statement) (for_statement)] @scope

(function_declarator declarator: (identifier) @outer.function)
; Only of a function with a body: those of a prototype are seen nowhere.
(function_definition declarator: (_ parameters: (parameter_list
  (parameter_declaration declarator: [
    (identifier) @local.parameter
    (pointer_declarator declarator: (identifier) @local.parameter)
    (array_declarator declarator: (identifier) @local.parameter)
  ]))))
(function_definition declarator: (pointer_declarator declarator: (_ parameters: (parameter_list
  (parameter_declaration declarator: [
    (identifier) @local.parameter
    (pointer_declarator declarator: (identifier) @local.parameter)
    (array_declarator declarator: (identifier) @local.parameter)
  ])))))
(declaration declarator: [
  (identifier) @local.variable
  (pointer_declarator declarator: (identifier) @local.variable)
  (array_declarator declarator: (identifier) @local.variable)
  (init_declarator declarator: (identifier) @local.variable)
  (init_declarator declarator: (pointer_declarator declarator: (identifier) @local.variable))
  (init_declarator declarator: (array_declarator declarator: (identifier) @local.variable))
])
(preproc_def name: (identifier) @local.macro)
(preproc_function_def name: (identifier) @local.macro)
(enumerator name: (identifier) @local.enum_member)
