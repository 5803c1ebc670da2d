; Everything is in the queries of the languages that this one extends; what is added is the use of a component.
(jsx_opening_element name: (identifier) @name) @reference.call
(jsx_self_closing_element name: (identifier) @name) @reference.call
