"""Opening, migrating and recovering SQLite files; its users own their statements."""
