; A test suite or another call with a name at the top level is a piece of its own.
(program (expression_statement (call_expression arguments: (arguments . (string) @name))) @chunk)
