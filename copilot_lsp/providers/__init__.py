"""Model servers: one protocol over them, the choice between them, and what happens when one fails."""
