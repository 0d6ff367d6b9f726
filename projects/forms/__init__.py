"""Forms that staff fill in."""
