"""The planner's face: browse, edit, import."""
