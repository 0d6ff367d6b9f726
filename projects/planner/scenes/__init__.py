"""The planner's pages of imagery."""
