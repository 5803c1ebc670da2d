"""The embedded engine: completes code from the workspace itself, with no model."""
