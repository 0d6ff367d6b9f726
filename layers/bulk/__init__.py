"""Many rows into a table at once, in columns: what an INSERT of each would leave, for a fraction of the time.

    insert(Feature, {"layer": Same(3), "geom": geometries(geoms), "properties": texts})

The two databases differ in everything here, and only here: ``postgis`` writes a COPY, which runs triggers and
constraints as an INSERT does; ``spatialite`` makes SpatiaLite's geometries itself and keeps its index itself.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models import Field, Model

from gis_projects.behind import later
from gis_projects.columns import Column, Same
from layers.bulk import postgis, spatialite

__all__ = [
    "Column",
    "Same",
    "gathered",
    "geometries",
    "insert",
    "preparer",
    "raised",
    "settle_indexes",
    "stored_ids",
    "writing",
]

_late: ContextVar["spatialite.Late | None"] = ContextVar("late", default=None)


def insert(model: type[Model], columns: Mapping[str, Column]) -> None:
    """Write rows; within ``behind`` later.

    columns: field to its values, as ``preparer``, ``geometries`` and ``stored_ids`` make them.
    At least one column is no ``Same``. Raises django.db.IntegrityError when the database refuses.
    """
    values = list(columns.values())
    if count := _count(values):
        fields = [model._meta.get_field(name) for name in columns]
        later(_dialect().insert, model._meta.db_table, fields, values, count, _late.get())


@contextmanager
def gathered() -> Iterator[None]:
    """For many calls of ``insert``, inside a transaction: what is cheaper done for all of them together.

    On SpatiaLite spatial indexes learn of the rows at the end, or at ``settle_indexes``; until then no search by place
    finds them. PostGIS is given room to keep the rows of a statement in memory for its triggers.
    """
    _dialect().make_room()
    token = _late.set(spatialite.Late())
    try:
        yield
        settle_indexes()
    finally:
        _late.reset(token)


def settle_indexes() -> None:
    """From here on a search by place finds what ``insert`` has written inside ``gathered``."""
    late = _late.get()
    if late is not None:
        later(late.settle)


@contextmanager
def writing(
    model: type[Model], names: Sequence[str]
) -> Iterator[Callable[[Mapping[str, Column]], None]]:
    """What ``insert`` does, for many calls with these columns, inside a transaction.

    Inside, the connection can do nothing else.
    """
    fields = [model._meta.get_field(name) for name in names]
    with _dialect().writing(model._meta.db_table, fields) as write:

        def insert(columns: Mapping[str, Column]) -> None:
            values = [columns[name] for name in names]
            if count := _count(values):
                later(write, values, count)

        yield insert


def _count(columns: Sequence[Column]) -> int:
    return next(len(one) for one in columns if not isinstance(one, Same))


def _dialect() -> Any:
    return postgis if connection.vendor == "postgresql" else spatialite


def preparer(model: type[Model], name: str) -> Callable[[Any], Any]:
    """A function from a Python value to what the database stores in that field; few values differ, so they are kept."""
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]

    @lru_cache(maxsize=4_096)
    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    return prepare


def stored_ids(ids: Sequence[uuid.UUID]) -> list[Any]:
    """UUIDs as the database takes them."""
    if connection.features.has_native_uuid_field:
        return list(map(str, ids))
    return [one.hex for one in ids]


def geometries(geoms: np.ndarray) -> list[Any]:
    """2-D shapely geometries, EPSG:4326 (or None), as the database takes them."""
    found: list[Any] = _dialect().geometries(geoms)
    return found


def raised(geoms: np.ndarray) -> Column:
    """Those that have heights as ISO WKB, for a ``source_geom``; None for all others."""
    high = shapely.has_z(geoms)
    if not high.any():
        return Same(None)
    found = np.full(len(geoms), None, dtype=object)
    found[high] = shapely.to_wkb(geoms[high], flavor="iso")
    return list(found)
