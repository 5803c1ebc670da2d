"""The loopback HTTP port beside the language server: metrics, health, readiness, status, decisions."""
