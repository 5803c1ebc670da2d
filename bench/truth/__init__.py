"""Where names are defined, told by somebody else than our index: jedi, or the language's own compiler."""
