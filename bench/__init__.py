"""Measurements of what a user waits for, each beside a baseline that runs in the same minutes."""
