"""The agents, one file each; every file exports AGENT."""
