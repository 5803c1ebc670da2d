"""The schema of the file of outcomes, one script for each version."""
