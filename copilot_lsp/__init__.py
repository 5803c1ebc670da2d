"""A local, private code assistant that every editor can talk to."""

__version__ = "0.1.0"
