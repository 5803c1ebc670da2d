"""The schema of the index file, one script for each version."""
