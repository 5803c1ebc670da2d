"""The servers that baselines run: as little as the library allows."""
