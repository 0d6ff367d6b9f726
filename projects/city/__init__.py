"""The city folder: read with a line for every mistake, then loaded whole or not at all. See docs/city-folder.md."""
