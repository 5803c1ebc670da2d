(rule_set (selectors) @name (block) @body) @definition.selector
(keyframes_statement (keyframes_name) @name) @definition.selector
((declaration (property_name) @name) @definition.variable
  (#match? @name "^--"))
