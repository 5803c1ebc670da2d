"""Plain data and pure functions that every other package builds on; standard library only, no I/O."""
