"""The commands that a person types; each module is one command."""
