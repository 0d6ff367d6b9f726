"""Settings, and the two lowest floors: geo and http."""
