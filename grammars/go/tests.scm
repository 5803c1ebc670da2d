((function_declaration
  name: (identifier) @name
  parameters: (parameter_list (parameter_declaration type: (pointer_type (qualified_type) @_type)))) @test
  (#match? @name "^(Test|Fuzz|Benchmark)")
  (#match? @_type "^testing\\."))
