"""The targets board: each promise with where it stands, each number with the sites behind it."""
