"""SpatiaLite's side of tiles: a file for each layer and revision, with an R*-tree over x, y and zoom.

The files stand beside the database, not in it: filling one must not keep everybody else from writing, and a backup
need not hold what can be made again. They need SQLite alone. Rows stand in Hilbert order and hold WKB.
"""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db.models import BinaryField, F, Func
from numpy.typing import NDArray

from layers.pmtiles.child import Tile
from layers.tiles.columns import Column
from layers.tiles.spatialite_blob import HEAD_TO_KIND, heads, to_wkb
from layers.tiles.store import Missing, Plan, Prepared, around, chunks_of
from layers.tiles.thinning import Counts

# Files that a thread keeps open.
_OPEN = 16
_local = threading.local()


class _Raw(Func):
    """The column's own bytes, which SpatiaLite need not turn into anything."""

    template = "%(expressions)s"
    output_field = BinaryField()


def wkb_of(column: str) -> Any:
    return _Raw(F(column))


def as_wkb(values: Sequence[Any]) -> list[bytes | None]:
    return [None if value is None else to_wkb(bytes(value)) for value in values]


def bounds_of(column: str) -> Any:
    """The head of a column's geometries, which holds their bounds, as bytes that ``as_bounds`` takes."""
    return _Raw(F(column), template=f"substr(%(expressions)s, 1, {HEAD_TO_KIND})")


def as_bounds(values: Sequence[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(n, 4) west, south, east, north, and which are lines."""
    return heads(b"".join(map(bytes, values)))


def prepare_connection(connection: Any, **_kwargs: Any) -> None:
    """Nothing to be set here."""


@contextmanager
def writing(token: str, columns: Sequence[Column]) -> Iterator["_Writer"]:
    """All of a file or nothing of it: it has its name only when it is finished."""
    path = _path(token)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as link:
            writer = _Writer(link, columns)
            yield writer
            writer.finish()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def can_encode(plan: Plan) -> bool:
    """There is no encoder in the database."""
    return False


def tile(plan: Plan) -> bytes:
    raise NotImplementedError


def rows(plan: Plan) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Features (id, WKB, values …) and cells (x, y, count, hidden) of a tile. Raises Missing."""
    (west, south, east, north), shift = around(plan.z, plan.x, plan.y), max(plan.z - plan.shown, 0)
    listed = "".join(f", c{at}" for at, _column in plan.columns)
    link = _opened(plan.token)
    features = link.execute(
        f"""SELECT f.id, f.wkb{listed} FROM places p JOIN features f ON f.rank = p.rank
            WHERE p.west <= ? AND p.east >= ? AND p.south <= ? AND p.north >= ? AND p.minzoom <= ?""",
        [east, west, north, south, plan.shown],
    ).fetchall()
    cells = link.execute(
        "SELECT at_x, at_y, count, hidden FROM cells WHERE z = ? AND x = ? AND y = ?",
        [plan.shown, plan.x >> shift, plan.y >> shift],
    ).fetchall()
    return features, cells


def totals(plan: Plan) -> list[tuple[int, int]]:
    """First zoom, and how many features of the tile it is the first of. Raises Missing."""
    west, south, east, north = around(plan.z, plan.x, plan.y)
    return (
        _opened(plan.token)
        .execute(
            """SELECT minzoom, count(*) FROM places
            WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? GROUP BY minzoom""",
            [east, west, north, south],
        )
        .fetchall()
    )


def ready(token: str, tile_id: int) -> bytes | None:
    """Raises Missing."""
    found = _opened(token).execute("SELECT content FROM ready WHERE tile = ?", [tile_id]).fetchone()
    return None if found is None else bytes(found[0])


def drop(token: str) -> None:
    _path(token).unlink(missing_ok=True)


def tokens() -> set[str]:
    return {path.stem for path in _folder().glob("*.sqlite3")}


class _Writer:
    def __init__(self, link: sqlite3.Connection, columns: Sequence[Column]) -> None:
        self._link = link
        self._places: list[tuple[np.ndarray, ...]] = []
        listed = "".join(f", c{at}" for at in range(len(columns)))
        link.executescript(
            f"""PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;
            CREATE TABLE features (rank INTEGER PRIMARY KEY, id INTEGER, wkb BLOB{listed});
            CREATE TABLE cells (z, x, y, at_x REAL, at_y REAL, count, hidden);
            CREATE TABLE ready (tile INTEGER PRIMARY KEY, content BLOB);
            CREATE VIRTUAL TABLE places USING rtree(rank, west, east, south, north, minzoom, minzoom_);
            BEGIN"""
        )
        self._insert = f"INSERT INTO features VALUES (?, ?, ?{', ?' * len(columns)})"

    def write(self, rows: Prepared) -> None:
        blobs = shapely.to_wkb(rows.geometries).tolist()
        found = zip(rows.ranks.tolist(), rows.ids.tolist(), blobs, *rows.values, strict=True)
        self._link.executemany(self._insert, found)
        self._places.append((rows.ranks, shapely.bounds(rows.geometries), rows.minzooms))

    def ready(self, tiles: Sequence[Tile]) -> None:
        self._link.executemany("INSERT INTO ready VALUES (?, ?)", tiles)

    def count(self, z: int, counts: Counts) -> None:
        self._link.executemany(
            "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((z, *cell) for cell in chunks_of(counts)),
        )

    def finish(self) -> None:
        if self._places:
            ranks, bounds, zooms = (np.concatenate(one) for one in zip(*self._places, strict=True))
            order = np.argsort(ranks)
            west, south, east, north = bounds[order].T.tolist()
            zoom = zooms[order].tolist()
            self._link.executemany(
                "INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?)",
                zip(ranks[order].tolist(), west, east, south, north, zoom, zoom, strict=True),
            )
        for statement in ("CREATE INDEX cells_tile ON cells (z, x, y)", "COMMIT", "ANALYZE"):
            self._link.execute(statement)


def _opened(token: str) -> sqlite3.Connection:
    """Each thread's own connection, kept. Nothing changes in a finished file, so nothing need be locked."""
    links: OrderedDict[Path, sqlite3.Connection] = _local.__dict__.setdefault(
        "links", OrderedDict()
    )
    path = _path(token)
    if path not in links:
        try:
            links[path] = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        except sqlite3.OperationalError as error:
            raise Missing from error
        while len(links) > _OPEN:
            links.popitem(last=False)[1].close()
    links.move_to_end(path)
    return links[path]


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "tiles"


def _path(token: str) -> Path:
    return _folder() / f"{token}.sqlite3"
