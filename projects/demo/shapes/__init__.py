"""The demonstration city's sites, invented from seeds, and the shapefiles in which bureaus would send them.

Nothing here shows a real place of work: towns, districts and the river are where they are, all else is made up.
"""
