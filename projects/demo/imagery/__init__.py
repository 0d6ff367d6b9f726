"""Procedural pictures of the demonstration: scenes from above and photos from the ground.

Nothing here shows a real place: every picture is computed from a seed and stamped as simulated.
"""
