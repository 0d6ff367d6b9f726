"""The inspector's face: what is assigned, and recording a visit."""
