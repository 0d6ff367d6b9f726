"""PMTiles 3: one file that holds all tiles of a map, read by ranges of bytes. Neither database nor Django is needed.

``spool`` keeps features on disk while they come in, ``plan`` divides the tiles among processes, ``child`` makes them,
``archive`` writes the file; ``build`` is all of that.

Source: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""
