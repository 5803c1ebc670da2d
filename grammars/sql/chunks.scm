(program (statement) @chunk)
