((method_declaration
  (modifiers [(marker_annotation name: (identifier) @_mark) (annotation name: (identifier) @_mark)])
  name: (identifier) @name) @test
  (#any-of? @_mark "Test" "ParameterizedTest" "RepeatedTest" "TestFactory"))
