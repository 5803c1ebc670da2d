"""What becomes of suggestions, and what follows from it for the next ones."""
