"""How one session is served: what it was answered, what models are writing for it, and what they were shown."""
