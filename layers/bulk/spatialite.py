"""SpatiaLite's side: geometries in its own binary form, and its spatial index, written without its functions.

SpatiaLite keeps a geometry column by triggers that parse each geometry again: for the constraint of kind and SRID, for
the R-tree, for a time of last change. In bulk that is most of the work. Here the INSERT triggers stand aside while
rows are written, the R-tree gets its rows directly, and the time is set once. All of it is part of the transaction,
and the rows are the same.
Source: the internal BLOB format of SpatiaLite (gaia-sins: "BLOB-Geometry"), and triggers as SpatiaLite 5.0 makes them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction

from gis_projects.columns import Column, Same
from gis_projects.sqlite_rows import insert_rows
from layers.bulk import rtree

SRID = 4326
# Fewer rows are written with the triggers on: taking these away and back costs some milliseconds.
_FEW = 500
_HEADER = np.dtype(
    [("start", "u1"), ("order", "u1"), ("srid", "<i4"), ("box", "<f8", 4), ("mark", "u1")]
)
_START, _LITTLE_ENDIAN, _MARK = 0x00, 0x01, 0x7C
_ENTITY, _END = b"\x69", b"\xfe"
_MULTI, _COLLECTION = (4, 5, 6), 7
_SET_TIME = (
    "UPDATE geometry_columns_time SET last_insert = strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now')"
    " WHERE f_table_name = %s AND f_geometry_column = %s"
)
_WKB_HEAD = 9  # byte order, type, number of parts


class Late:
    """What the R-trees are still to be given: index to numbers and boxes."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], list[tuple[np.ndarray, np.ndarray]]] = {}

    def add(self, table: str, name: str, rowids: np.ndarray, boxes: np.ndarray) -> None:
        self._waiting.setdefault((table, name), []).append((rowids, boxes))

    def settle(self) -> None:
        """Give it, in the transaction in which the rows were written."""
        while self._waiting:
            (table, name), pieces = self._waiting.popitem()
            rowids, boxes = map(np.concatenate, zip(*pieces, strict=True))
            pieces.clear()
            rtree.add(f"idx_{table}_{name}", rowids, boxes)
            with connection.cursor() as cursor:
                cursor.execute(_SET_TIME, [table, name])


def insert(
    table: str,
    fields: Sequence[Any],
    columns: Sequence[Column],
    count: int,
    late: Late | None = None,
) -> None:
    """Write ``count`` rows; with ``late`` whoever gave it settles the index. Raises django.db.IntegrityError."""
    places = {
        field.column: column
        for field, column in zip(fields, columns, strict=True)
        if hasattr(field, "geom_type")
    }
    names = [field.column for field in fields]
    if not places or (count < _FEW and late is None):
        insert_rows(table, names, columns)
        return
    with transaction.atomic(savepoint=False), _triggers_aside(table, list(places)) as indexed:
        first = _next_rowid(table)
        rowids = range(first, first + count)
        insert_rows(table, ["rowid", *names], [rowids, *columns])
        settled = late or Late()
        for name in indexed:
            blobs = places[name]
            if not isinstance(blobs, Same):  # None in all rows
                settled.add(table, name, *_boxes(rowids, blobs))
        if late is None:
            settled.settle()


@contextmanager
def writing(table: str, fields: Sequence[Any]) -> Iterator[Callable[[Sequence[Column], int], None]]:
    """For many calls, in the caller's transaction; the index is settled at the end. Raises django.db.IntegrityError."""
    late = Late()
    yield lambda columns, count: insert(table, fields, columns, count, late)
    late.settle()


def make_room() -> None:
    """SQLite needs none."""


def _next_rowid(table: str) -> int:
    """Above every number that the table has, or had where Django never gives one twice."""
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(rowid), 0) FROM {quoted}")
        highest: int = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        given: int = cursor.fetchone()[0]
        return max(highest, given) + 1


@contextmanager
def _triggers_aside(table: str, geometries: Sequence[str]) -> Iterator[set[str]]:
    """SpatiaLite's INSERT triggers of these columns are not there inside, and back afterwards; the indexed columns."""
    wanted = [f"{kind}_{table}_{name}" for kind in ("ggi", "gii", "tmi") for name in geometries]
    holes = ", ".join(["%s"] * len(wanted))
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ({holes})",
            wanted,
        )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f"DROP TRIGGER {quote(name)}")
        names = {name for name, _sql in found}
        yield {name for name in geometries if f"gii_{table}_{name}" in names}
        for _name, sql in found:
            cursor.execute(sql.replace("%", "%%"), [])


def _boxes(rowids: range, blobs: Sequence[bytes | None]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and boxes of those that have a geometry, as RTreeAlign takes them from its own box."""
    heads = b"".join([blob[: _HEADER.itemsize] for blob in blobs if blob is not None])
    known = np.fromiter((blob is not None for blob in blobs), bool, len(blobs))
    numbers = np.arange(rowids.start, rowids.stop)[known]
    return numbers, rtree.rounded(np.frombuffer(heads, _HEADER)["box"])


def geometries(geoms: np.ndarray) -> list[bytes | None]:
    """BLOBs as SpatiaLite's GeomFromWKB makes them. geoms: 2-D, EPSG:4326, not empty, or None."""
    heads = np.zeros(len(geoms), _HEADER)
    heads["start"], heads["order"], heads["mark"] = _START, _LITTLE_ENDIAN, _MARK
    heads["srid"] = SRID
    heads["box"] = shapely.bounds(geoms)
    data, size = heads.tobytes(), _HEADER.itemsize
    bodies = shapely.to_wkb(geoms, byte_order=1).tolist()
    kinds = shapely.get_type_id(geoms)
    for at in np.flatnonzero(kinds >= _MULTI[0]).tolist():
        bodies[at] = _collection(geoms[at])
    return [
        None if body is None else data[start : start + size] + body[1:] + _END
        for start, body in zip(range(0, len(data), size), bodies, strict=True)
    ]


def _collection(geom: Any) -> bytes:
    """Several parts: each begins with a mark where WKB tells its byte order. Nested ones are laid flat."""
    parts = list(_simple(geom))
    head: bytes = shapely.to_wkb(geom, byte_order=1)[: _WKB_HEAD - 4]
    pieces = (_ENTITY + shapely.to_wkb(part, byte_order=1)[1:] for part in parts)
    return head + len(parts).to_bytes(4, "little") + b"".join(pieces)


def _simple(geom: Any) -> Iterator[Any]:
    if not hasattr(geom, "geoms"):
        return iter([geom])
    return chain.from_iterable(_simple(part) for part in geom.geoms)
