"""What may not be shown: one file per reason, each exports one `FILTER` (see `agents/filter.py`)."""
