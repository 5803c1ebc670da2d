"""Processes that do what would stall the event loop: bytes in, bytes out, cancelled by killing them."""
