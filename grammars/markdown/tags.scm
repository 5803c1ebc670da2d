(section . (atx_heading heading_content: (inline) @name) @body) @definition.heading
(section . (setext_heading heading_content: (paragraph (inline) @name)) @body) @definition.heading
(section (setext_heading heading_content: (paragraph (inline) @name)) @definition.heading)
