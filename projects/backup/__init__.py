"""The whole installation in one file, and back: the database, every picture, and what proves that both are whole."""
