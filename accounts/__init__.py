"""People: the user, roles, signing in."""
