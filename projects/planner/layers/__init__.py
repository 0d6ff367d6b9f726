"""The planner's pages of reference layers."""
