"""What the workspace holds: text, symbols, imports and vectors of its files, kept on disk and searched."""
