"""Rows into a table in one statement for many: Django's own insert builds each value and each word anew.

SQLite prepares the statement once (executemany);
PostgreSQL takes a COPY, which runs triggers and constraints as an INSERT does.
"""

import uuid
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models import Field, Model

SRID = 4326


def insert(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows. columns: names of fields; rows: values as ``prepared`` and ``geometries`` make them.

    Raises django.db.IntegrityError when the database refuses.
    """
    fields = [model._meta.get_field(name) for name in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            holes = ", ".join(_hole(field) for field in fields)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({holes})", rows)


def _hole(field: Any) -> str:
    return f"GeomFromWKB(%s, {SRID})" if hasattr(field, "geom_type") else "%s"


def preparer(model: type[Model], name: str) -> Callable[[Any], Any]:
    """A function from a Python value to what the database stores in that field; few values differ, so they are kept."""
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]

    @lru_cache(maxsize=4_096)
    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    return prepare


def stored_ids(ids: Sequence[uuid.UUID]) -> list[Any]:
    """UUIDs as the database takes them."""
    return [str(one) if connection.features.has_native_uuid_field else one.hex for one in ids]


def geometries(geoms: np.ndarray) -> list[Any]:
    """2-D shapely geometries, EPSG:4326 (or None), as the database takes them."""
    if connection.vendor == "postgresql":
        marked = shapely.set_srid(geoms, SRID)
        hexadecimal: list[Any] = shapely.to_wkb(marked, hex=True, include_srid=True).tolist()
        return hexadecimal
    binary: list[Any] = shapely.to_wkb(geoms).tolist()
    return binary
