"""What the program tells about itself: spans, metrics, logs, health and decisions, all of it local unless asked."""
