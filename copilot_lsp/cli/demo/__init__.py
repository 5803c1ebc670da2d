"""The demo: a real server and a played editor, for a person to watch."""
