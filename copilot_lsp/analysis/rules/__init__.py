"""Rules that a tree-sitter query cannot express. Each module exports one `RULE`; the contract is in `analysis.rule`."""
