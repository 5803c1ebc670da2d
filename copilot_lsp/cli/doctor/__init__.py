"""The doctor: looks at everything that copilot-lsp needs and meets on this machine, and says what to do."""
