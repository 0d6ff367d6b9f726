"""Writes the file: tiles in the order of their numbers, directories and header by the ``pmtiles`` package.

The package's own writer keeps its tiles in the system's folder for temporary files, which may be memory, and tells
equal ones by a 64-bit hash; so that part is done here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from pmtiles.tile import Compression, Entry, TileType
from pmtiles.writer import finalize_header

from gis_projects.geo.bbox import BBox


@dataclass(frozen=True)
class Description:
    """bbox: EPSG:4326, degrees. zooms: those that were made, whether or not the first have tiles. metadata: JSON."""

    bbox: BBox
    zooms: range
    metadata: Mapping[str, Any]


class ArchiveWriter:
    """A PMTiles archive that is there whole, or not at all. Use as a context; ``finish`` is its last call.

    add: numbers have to rise. Equal tiles are kept once, and runs of them are one entry.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: list[Entry] = []
        self._offsets: dict[bytes, int] = {}
        self._size = self._count = 0

    def __enter__(self) -> ArchiveWriter:
        self._tiles = tempfile.TemporaryFile(dir=self._path.parent)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tiles.close()

    def add(self, tile_id: int, content: bytes) -> None:
        last = self._entries[-1] if self._entries else None
        if last is not None and tile_id < last.tile_id + last.run_length:
            raise ValueError(f"tile {tile_id} comes after {last.tile_id}")
        self._count += 1
        digest = hashlib.blake2b(content, digest_size=16).digest()
        offset = self._offsets.setdefault(digest, self._size)
        if offset == self._size:
            self._tiles.write(content)
            self._size += len(content)
        elif (
            last is not None and last.offset == offset and last.tile_id + last.run_length == tile_id
        ):
            last.run_length += 1
            return
        self._entries.append(Entry(tile_id, offset, len(content), 1))

    def finish(self, description: Description) -> int:
        """Puts the file in its place, and says how many bytes it has. Raises ValueError when there is no tile."""
        if not self._entries:
            raise ValueError("an archive has at least one tile")
        pieces: tuple[bytes, ...] = finalize_header(  # type: ignore[no-untyped-call]
            _header(description), self._count, self._entries, len(self._offsets),
            dict(description.metadata), True, self._size,
        )  # fmt: skip
        with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as whole:
            try:
                for piece in pieces:
                    whole.write(piece)
                self._tiles.seek(0)
                shutil.copyfileobj(self._tiles, whole, 1 << 20)
                size = whole.tell()
                os.fchmod(whole.fileno(), 0o644)
                os.replace(whole.name, self._path)
            except BaseException:
                os.unlink(whole.name)
                raise
        return size


def _header(description: Description) -> dict[str, Any]:
    west, south, east, north = (round(number * 1e7) for number in description.bbox.bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": description.zooms.start,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
