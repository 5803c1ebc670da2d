((attribute_item (attribute (identifier) @_mark)) . (function_item name: (identifier) @name) @test
  (#eq? @_mark "test"))
