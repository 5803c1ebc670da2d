((call method: (identifier) @_method arguments: (argument_list . (string) @name)) @test
  (#any-of? @_method "it" "specify" "test"))
((method name: (identifier) @name) @test
  (#match? @name "^test_"))
