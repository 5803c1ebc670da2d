((call_expression
  function: [(identifier) @_function (member_expression object: (identifier) @_function)]
  arguments: (arguments . [(string) (template_string)] @name)) @test
  (#any-of? @_function "it" "test" "fit" "xit"))
