"""What a FlatGeobuf's geometries are before GDAL flattens them, and whether they are all there.

Of a file that is cut off GDAL gives what there is, and says nothing.

Source: FlatGeobuf 3 (header.fbs, feature.fbs), and the FlatBuffers binary format.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

from layers.importing.gpkg_geometry import Flattened
from layers.importing.problems import Code, refuse

_MAGIC = 8
_NODE_BYTES = 40
# Fields by their place in header.fbs and feature.fbs.
_GEOMETRY_TYPE, _HAS_M, _COUNT, _NODE_SIZE = 2, 4, 8, 9
_FEATURE_GEOMETRY, _MEASURES, _TYPE = 0, 3, 6
_USUAL_NODE_SIZE = 16


def flattened(path: Path, name: str) -> Flattened:
    """How many features have curves or measures. path: begins with FlatGeobuf's magic bytes.

    Raises ImportRefused when the file does not hold what its header promises.
    """
    found = Flattened()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            for kind, has_m in _features(data):
                found.add(kind + (2000 if has_m else 0))
        except struct.error as error:
            raise refuse(Code.DAMAGED_FILE, name, reason=".fgb") from error
    return found


def _features(data: mmap.mmap) -> Iterator[tuple[int, bool]]:
    """ISO type, and whether there are measures, of each feature. Raises struct.error where the file is cut off."""
    size = _number("<I", data, _MAGIC)
    header = _root(data, _MAGIC + 4)
    common = _field("<B", data, header, _GEOMETRY_TYPE, 0)
    has_m = bool(_field("<B", data, header, _HAS_M, 0))
    count = _field("<Q", data, header, _COUNT, 0)
    node_size = _field("<H", data, header, _NODE_SIZE, _USUAL_NODE_SIZE)
    at = _MAGIC + 4 + size + _index_bytes(count, node_size)
    met = 0
    while at < len(data):
        length = _number("<I", data, at)
        if at + 4 + length > len(data):
            raise struct.error("a feature is cut off")
        met += 1
        geometry = _table(data, _root(data, at + 4), _FEATURE_GEOMETRY)
        if geometry is not None:
            kind = _field("<B", data, geometry, _TYPE, 0)
            yield common or kind, has_m and _place(data, geometry, _MEASURES) is not None
        at += 4 + length
    if count and met != count:  # 0 where the writer did not know
        raise struct.error("other features than promised")


def _index_bytes(count: int, node_size: int) -> int:
    """Of the packed R-tree: all levels, from the features up to a root, which even a single one has above it."""
    if not count or node_size < 2:
        return 0
    level = math.ceil(count / node_size)
    nodes = count + level
    while level != 1:
        level = math.ceil(level / node_size)
        nodes += level
    return nodes * _NODE_BYTES


def _number(form: str, data: mmap.mmap, at: int) -> int:
    if at < 0:
        raise struct.error("before the beginning")
    (value,) = struct.unpack_from(form, data, at)
    return int(value)


def _root(data: mmap.mmap, at: int) -> int:
    return at + _number("<I", data, at)


def _place(data: mmap.mmap, table: int, field: int) -> int | None:
    """Where a field of a table lies; None where it has its default."""
    layout = table - _number("<i", data, table)
    entry = 4 + 2 * field
    if entry >= _number("<H", data, layout):
        return None
    offset = _number("<H", data, layout + entry)
    return table + offset if offset else None


def _field(form: str, data: mmap.mmap, table: int, field: int, default: int) -> int:
    at = _place(data, table, field)
    return default if at is None else _number(form, data, at)


def _table(data: mmap.mmap, table: int, field: int) -> int | None:
    at = _place(data, table, field)
    return None if at is None else _root(data, at)
