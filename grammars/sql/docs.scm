(create_table (object_reference name: (_) @name)) @documented
(create_view (object_reference name: (_) @name)) @documented
(create_function (object_reference name: (_) @name)) @documented
