((function_definition name: (identifier) @name) @test
  (#match? @name "^test"))
