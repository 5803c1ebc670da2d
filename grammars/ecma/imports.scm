(import_statement
  (import_clause [
    (identifier) @name
    (namespace_import)
    (named_imports (import_specifier name: (_) @name)*)
  ]*)?
  source: (string) @module) @import
(export_statement source: (string) @module) @import
((call_expression function: (identifier) @_function arguments: (arguments . (string) @module)) @import
  (#eq? @_function "require"))
(call_expression function: (import) arguments: (arguments . (string) @module)) @import
