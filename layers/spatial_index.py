"""SpatiaLite's spatial indexes, made anew where a migration has lost them.

Django changes a table on SQLite by copying it. The copy has no spatial index: the R*-tree stays behind under the old
name, without triggers, and every search by place becomes a scan.
"""

from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.db import connections

from layers import boxes


def restore(using: str = "default", **_kwargs: Any) -> None:
    """Make the indexes that our models ask for and the database lacks; safe to run again."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f_table_name, f_geometry_column FROM geometry_columns WHERE spatial_index_enabled = 0"
        )
        for table, column in sorted(_wanted() & set(cursor.fetchall())):
            cursor.execute(f"DROP TABLE IF EXISTS {quote(f'idx_{table}_{column}')}")
            cursor.execute("SELECT CreateSpatialIndex(%s, %s)", [table, column])
            if cursor.fetchone() != (1,):
                raise RuntimeError(f"SpatiaLite makes no spatial index of {table}.{column}")
    boxes.forget()


def _wanted() -> set[tuple[str, str]]:
    return {
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, GeometryField) and field.spatial_index
    }
