((method_declaration name: (name) @name) @test
  (#match? @name "^test"))
