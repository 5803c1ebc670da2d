((function_call name: (identifier) @_function arguments: (arguments . (string) @name)) @test
  (#any-of? @_function "it" "test"))
