; A decorated definition is taken with its decorators; the inner match of the same name is dropped by the reader.
(decorated_definition
  definition: (class_definition name: (identifier) @name body: (block) @body)) @definition.class
(decorated_definition
  definition: (function_definition name: (identifier) @name body: (block) @body)) @definition.function
(class_definition name: (identifier) @name body: (block) @body) @definition.class
(function_definition name: (identifier) @name body: (block) @body) @definition.function

(module (expression_statement (assignment left: (identifier) @name) @definition.variable))
(class_definition
  body: (block (expression_statement (assignment left: (identifier) @name) @definition.variable)))
(module (type_alias_statement left: (type (identifier) @name)) @definition.type)
