"""Plain geometry and geodesy: no Django models, no requests, no database."""
