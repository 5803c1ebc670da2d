"""Tasks, the pool that runs them, and the agents that carry them out."""
