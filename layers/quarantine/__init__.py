"""Files from outside are read here: in a process without network, secrets, or sight of other files."""
