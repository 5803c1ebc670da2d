(namespace_use_declaration (namespace_use_clause [(qualified_name) (name)] @module)) @import
(namespace_use_declaration
  (namespace_name) @module body: (namespace_use_group (namespace_use_clause . (name) @name)*)) @import
(require_once_expression (_) @module) @import
(require_expression (_) @module) @import
(include_expression (_) @module) @import
