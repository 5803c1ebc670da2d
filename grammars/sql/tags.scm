(create_table (object_reference name: (identifier) @name) (column_definitions)? @body) @definition.table
(create_view (object_reference name: (identifier) @name) (create_query) @body) @definition.table
(create_function (object_reference name: (identifier) @name) (function_body) @body) @definition.function
(create_index column: (identifier) @name) @definition.key
(column_definition name: (identifier) @name) @definition.field
