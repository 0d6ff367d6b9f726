"""Vector tiles (MVT 2.1, TileJSON 3.0) of every feature source.

A source gives a ``TileSet`` for a viewer. Tiles of a large layer come from a table made for them (``tables``, filled by
a task after each change of the layer); until it is ready, and for what changes all the time, they are made from the
source's own rows (``live``). The two databases differ in ``postgis`` and ``spatialite``, and only there.
"""
