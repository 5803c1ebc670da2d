"""What is wrong with one document: syntax errors, data rules from grammars/, and code rules from `rules/`."""
