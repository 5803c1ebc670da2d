; Definitions are in the queries of the languages that this one extends.
