((method_declaration
  (attribute_list (attribute name: (identifier) @_mark))
  name: (identifier) @name) @test
  (#any-of? @_mark "Fact" "Theory" "Test" "TestCase" "TestMethod" "DataTestMethod"))
