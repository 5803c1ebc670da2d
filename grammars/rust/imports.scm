(use_declaration argument: [
  (scoped_identifier) @module
  (identifier) @module
  (scoped_use_list path: (_) @module list: (use_list [(identifier) @name (use_as_clause path: (identifier) @name) (_)]*))
  (use_as_clause path: (_) @module)
  (use_wildcard (_) @module)
]) @import
(mod_item name: (identifier) @module !body) @import
