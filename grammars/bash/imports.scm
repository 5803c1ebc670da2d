((command name: (command_name) @_name . argument: [(word) (string)] @module) @import
  (#any-of? @_name "source" "."))
