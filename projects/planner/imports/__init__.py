"""The planner's imports: send a file, look at it, map its columns, check, store, and take it back."""
