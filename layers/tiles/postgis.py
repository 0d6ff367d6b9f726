"""PostGIS's side of tiles: a table for each layer and revision, and ST_AsMVT.

Rows stand in Hilbert order (that is how PostGIS sorts geometries), so a tile reads few pages. Low zooms show few of
many features: each has a partial index of its own. Planning in parallel costs more than it gains when many ask at
the same time, and compiling more than a tile takes, so both are off.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import ProgrammingError, connection, transaction
from django.db.models import BinaryField, F, Func
from numpy.typing import NDArray

from gis_projects.geo.tile_matrix import WEB_MERCATOR, tile_bbox, tile_side
from layers.pmtiles.child import Tile
from layers.tiles.columns import Column
from layers.tiles.store import Missing, Plan, Prepared, around, chunks_of
from layers.tiles.thinning import PIXELS, Counts
from layers.tiles.tile_set import BUFFER, EXTENT, MAX_ZOOM

PREFIX, CELLS_PREFIX, READY_PREFIX = "layers_tiles_", "layers_cells_", "layers_ready_"
# PostgreSQL cuts names beyond that, and ST_AsMVT takes properties' names from columns.
NAME_BYTES = 63
_TYPES = {"text": "text", "whole": "bigint", "number": "double precision", "truth": "boolean"}
# An index of less than this share of the rows is worth its keeping.
_PARTIAL_SHARE = 0.5
_CORNERS = ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")
_GEOMETRY, _ID = "__geometry", "__id"


def wkb_of(column: str) -> Any:
    return AsWKB(column)


def as_wkb(values: Sequence[Any]) -> list[bytes | None]:
    return [None if value is None else bytes(value) for value in values]


def bounds_of(column: str) -> Any:
    """Bounds and dimension of a column's geometries as bytes that ``as_bounds`` takes."""
    numbers = [f"float8send({corner}(%(expressions)s))" for corner in _CORNERS]
    template = " || ".join([*numbers, "int4send(ST_Dimension(%(expressions)s))"])
    # ST_XMin and the like read a geometry's head alone.
    return Func(F(column), template=f"({template})", output_field=BinaryField())


def as_bounds(values: Sequence[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(n, 4) west, south, east, north, and which are lines."""
    found = np.frombuffer(b"".join(map(bytes, values)), dtype=[("box", ">f8", 4), ("kind", ">i4")])
    return found["box"].astype(np.float64), found["kind"] == 1


def prepare_connection(connection: Any, **_kwargs: Any) -> None:
    """For every new connection: see above."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off; SET max_parallel_workers_per_gather = 0")


@contextmanager
def writing(token: str, columns: Sequence[Column]) -> Iterator["_Writer"]:
    """All of a table or nothing of it: one transaction."""
    with transaction.atomic():
        writer = _Writer(token, columns)
        yield writer
        writer.finish()


def can_encode(plan: Plan) -> bool:
    """Whether ST_AsMVT can say these columns' names."""
    return all(len(column.name.encode()) <= NAME_BYTES for _at, column in plan.columns)


def tile(plan: Plan) -> bytes:
    """Raises Missing."""
    box = tile_bbox(plan.z, plan.x, plan.y)
    side = tile_side(plan.z)
    shift = max(plan.z - plan.shown, 0)
    properties = "".join(
        f", c{at} AS {_quoted(column.name)}" for at, column in plan.columns
    ).replace("%", "%%")
    # A polygon that is smaller than a pixel both ways is a point.
    sql = f"""SELECT coalesce((SELECT ST_AsMVT(t, %s, {EXTENT}, '{_GEOMETRY}', '{_ID}') FROM (
            SELECT id AS {_ID}, ST_AsMVTGeom(CASE WHEN side < {side / PIXELS} THEN ST_Centroid(ST_Envelope(geom))
                ELSE geom END, ST_MakeEnvelope(%s, %s, %s, %s, {WEB_MERCATOR}), {EXTENT}, {BUFFER}, true)
                AS {_GEOMETRY}{properties}
            FROM {PREFIX}{plan.token}
            WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, {WEB_MERCATOR}) AND minzoom <= {plan.shown}
        ) t), ''::bytea) || coalesce((SELECT ST_AsMVT(t, %s, {EXTENT}, '{_GEOMETRY}') FROM (
            SELECT ST_AsMVTGeom(at, ST_MakeEnvelope(%s, %s, %s, %s, {WEB_MERCATOR}), {EXTENT}, 0, true)
                AS {_GEOMETRY}, count, hidden
            FROM {CELLS_PREFIX}{plan.token} WHERE z = {plan.shown} AND x = %s AND y = %s
        ) t), ''::bytea)"""
    values = [
        plan.name,
        *box.bounds,
        *around(plan.z, plan.x, plan.y),
        f"{plan.name}_cells",
        *box.bounds,
        plan.x >> shift,
        plan.y >> shift,
    ]
    return bytes(_one(sql, values)[0][0])


def rows(plan: Plan) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Features (id, WKB, values …) and cells (x, y, count, hidden) of a tile, for our own encoder. Raises Missing."""
    shift = max(plan.z - plan.shown, 0)
    listed = "".join(f", c{at}" for at, _column in plan.columns)
    features = _one(
        f"""SELECT id, ST_AsBinary(geom){listed} FROM {PREFIX}{plan.token}
            WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, {WEB_MERCATOR}) AND minzoom <= {plan.shown}""",
        around(plan.z, plan.x, plan.y),
    )
    cells = _one(
        f"""SELECT ST_X(at), ST_Y(at), count, hidden FROM {CELLS_PREFIX}{plan.token}
            WHERE z = {plan.shown} AND x = %s AND y = %s""",
        [plan.x >> shift, plan.y >> shift],
    )
    return features, cells


def totals(plan: Plan) -> list[tuple[int, int]]:
    """First zoom, and how many features of the tile it is the first of. Raises Missing."""
    return _one(
        f"""SELECT minzoom, count(*) FROM {PREFIX}{plan.token}
            WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, {WEB_MERCATOR}) GROUP BY minzoom""",
        around(plan.z, plan.x, plan.y),
    )


def ready(token: str, tile_id: int) -> bytes | None:
    """Raises Missing."""
    found = _one(f"SELECT content FROM {READY_PREFIX}{token} WHERE tile = %s", [tile_id])
    return bytes(found[0][0]) if found else None


def drop(token: str) -> None:
    tables = ", ".join(f"{prefix}{token}" for prefix in (PREFIX, CELLS_PREFIX, READY_PREFIX))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {tables}")


def tokens() -> set[str]:
    """Of all tables that are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND starts_with(tablename, %s)",
            [PREFIX],
        )
        return {name.removeprefix(PREFIX) for (name,) in cursor.fetchall()} - {""}


class _Writer:
    def __init__(self, token: str, columns: Sequence[Column]) -> None:
        self._table, self._cells = PREFIX + token, CELLS_PREFIX + token
        self._ready = READY_PREFIX + token
        self._columns = [f"c{at} {_TYPES[column.kind]}" for at, column in enumerate(columns)]
        self._zooms = [0] * (MAX_ZOOM + 1)
        listed = "".join(f", {column}" for column in self._columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""CREATE TEMPORARY TABLE {self._table}_unsorted (id bigint, minzoom smallint, side real,
                    geom geometry(Geometry, {WEB_MERCATOR}){listed}) ON COMMIT DROP"""
            )
            cursor.execute(
                f"""CREATE TABLE {self._cells} (z smallint, x integer, y integer,
                    at geometry(Point, {WEB_MERCATOR}), count bigint, hidden bigint)"""
            )
            cursor.execute(f"CREATE TABLE {self._ready} (tile bigint, content bytea)")
            # Compressed already.
            cursor.execute(f"ALTER TABLE {self._ready} ALTER content SET STORAGE EXTERNAL")

    def write(self, rows: Prepared) -> None:
        marked = shapely.set_srid(rows.geometries, WEB_MERCATOR)
        blobs = shapely.to_wkb(marked, hex=True, include_srid=True).tolist()
        sides = [None if math.isnan(side) else side for side in rows.sides.tolist()]
        for z in rows.minzooms.tolist():
            self._zooms[z] += 1
        found = zip(
            rows.ids.tolist(), rows.minzooms.tolist(), sides, blobs, *rows.values, strict=True
        )
        _copy(f"{self._table}_unsorted", found)

    def ready(self, tiles: Sequence[Tile]) -> None:
        _copy(self._ready, tiles)

    def count(self, z: int, counts: Counts) -> None:
        point = f"SRID={WEB_MERCATOR};POINT"
        _copy(
            self._cells,
            (
                (z, column, row, f"{point}({x!r} {y!r})", count, hidden)
                for column, row, x, y, count, hidden in chunks_of(counts)
            ),
        )

    def finish(self) -> None:
        table, cells = self._table, self._cells
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {table} AS SELECT * FROM {table}_unsorted ORDER BY geom")
            cursor.execute(f"CREATE INDEX {table}_geom ON {table} USING gist (geom)")
            for z in self._partial_zooms():
                cursor.execute(
                    f"CREATE INDEX {table}_z{z} ON {table} USING gist (geom) WHERE minzoom <= {z}"
                )
            cursor.execute(f"CREATE INDEX {cells}_tile ON {cells} (z, x, y)")
            cursor.execute(f"ALTER TABLE {self._ready} ADD PRIMARY KEY (tile)")
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(f"ANALYZE {cells}")

    def _partial_zooms(self) -> list[int]:
        total, so_far, found = sum(self._zooms), 0, []
        for z, number in enumerate(self._zooms):
            so_far += number
            if number and so_far < total * _PARTIAL_SHARE:
                found.append(z)
        return found


def _copy(table: str, rows: Any) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") == "42P01":
            raise Missing from error
        raise
