((function_call name: (identifier) @_function arguments: (arguments . (string content: (_) @module))) @import
  (#eq? @_function "require"))
