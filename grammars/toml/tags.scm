(table . [(bare_key) (dotted_key) (quoted_key)] @name @body) @definition.table
(table_array_element . [(bare_key) (dotted_key) (quoted_key)] @name @body) @definition.table
(pair . [(bare_key) (dotted_key) (quoted_key)] @name) @definition.key
