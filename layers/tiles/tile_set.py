"""What a source gives to be served as tiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gis_projects.geo.bbox import BBox

MAX_ZOOM = 16
# Units a side of a tile, and how many more around it hold features.
EXTENT, BUFFER = 4096, 64
# From here on features carry all of their properties; below, what maps are coloured by.
DETAIL_ZOOM = 12
# Part of every revision: raised when the same rows become other tiles.
FORMAT = 2


@dataclass(frozen=True)
class VectorLayer:
    """TileJSON 3.0, section 3.3. fields: name to ``String``, ``Number`` or ``Boolean``."""

    id: str
    fields: Mapping[str, str]
    minzoom: int = 0
    maxzoom: int = MAX_ZOOM


@dataclass(frozen=True)
class TileInfo:
    """revision: part of every tile's address; other content has another one. bbox: EPSG:4326, degrees.

    is_public: whether everybody sees the same, and caches may keep it.
    """

    key: str
    name: str
    revision: str
    is_public: bool
    attribution: str = ""


class TileSet(Protocol):
    """The tiles of one source for one viewer, at one revision."""

    @property
    def info(self) -> TileInfo: ...

    def bbox(self) -> BBox | None:
        """EPSG:4326, degrees; None when there is nothing."""
        ...

    def vector_layers(self) -> list[VectorLayer]: ...

    def ready(self, z: int, x: int, y: int) -> bytes | None:
        """The tile as it is sent (gzip, small enough; b"" when it is empty) if it was made before; else None."""
        ...

    def totals(self, z: int, x: int, y: int) -> Sequence[int]:
        """How many features the tile has when it shows what zoom 0, 1, … up to MAX_ZOOM shows."""
        ...

    def mvt(self, z: int, x: int, y: int, shown: int) -> bytes:
        """The tile, not compressed; b"" when it is empty.

        shown: features that are drawn at this zoom already; less of them makes a smaller tile. MAX_ZOOM: all there are,
        and no counts.
        """
        ...

    def is_current(self) -> bool:
        """Asked after a tile was made: whether all of it was of this revision."""
        ...
