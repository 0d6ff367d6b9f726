"""Many rows into a table at once, in columns: what an INSERT of each would leave, for a fraction of the time.

    insert(Feature, {"layer": Same(3), "geom": geometries(geoms), "properties": texts})

The two databases differ in everything here, and only here: ``postgis`` writes a COPY, which runs triggers and
constraints as an INSERT does; ``spatialite`` makes SpatiaLite's geometries itself and keeps its index itself.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Field, Model

from layers.bulk import postgis, spatialite

__all__ = ["Same", "geometries", "insert", "preparer", "stored_ids"]


class Same(NamedTuple):
    """A column whose value is the same in all rows."""

    value: Any


Column = Sequence[Any] | Same


def insert(model: type[Model], columns: Mapping[str, Column]) -> None:
    """Write rows. columns: field to its values, as ``preparer``, ``geometries`` and ``stored_ids`` make them.

    At least one column is no ``Same``. Raises django.db.IntegrityError when the database refuses.
    """
    count = next(len(one) for one in columns.values() if not isinstance(one, Same))
    if not count:
        return
    fields = [model._meta.get_field(name) for name in columns]
    values = [
        list(repeat(one.value, count)) if isinstance(one, Same) else one for one in columns.values()
    ]
    write = postgis.insert if connection.vendor == "postgresql" else spatialite.insert
    write(model._meta.db_table, fields, values, count)


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
    make = postgis.geometries if connection.vendor == "postgresql" else spatialite.geometries
    return make(geoms)
