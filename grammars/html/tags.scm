; What a page is found by: its ids.
((element
  (start_tag
    (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)))) @definition.key
  (#eq? @_id "id"))
((element
  (start_tag (tag_name) @_tag)
  . (text) @name) @definition.heading
  (#match? @_tag "^(h[1-6]|title)$"))
