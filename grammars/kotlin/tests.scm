((function_declaration
  (modifiers (annotation (user_type (identifier) @_mark)))
  name: (identifier) @name) @test
  (#any-of? @_mark "Test" "ParameterizedTest"))
