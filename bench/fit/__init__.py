"""How the weights that the product ships with were found: each file writes one module of it anew."""
