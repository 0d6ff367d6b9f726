"""Rows whose geometry's bbox touches another bbox, found in the spatial index where there is one.

Django's ``bboverlaps`` is SpatiaLite's MbrOverlaps, which looks into no index, misses whatever wholly contains the bbox
that is asked for, and takes a missing geometry for one that overlaps everything.
"""

from functools import lru_cache
from typing import Any, TypeVar

from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.models import QuerySet

from gis_projects.geo.bbox import BBox

Rows = TypeVar("Rows", bound=QuerySet[Any])


def touching(rows: Rows, column: str, bbox: BBox) -> Rows:
    """rows: of a model with this geometry column of its own, EPSG:4326, as is the bbox. Edges count as touching."""
    if connection.vendor == "postgresql":
        polygon = Polygon.from_bbox(bbox.bounds)
        polygon.srid = 4326
        return rows.filter(**{f"{column}__bboverlaps": polygon})
    table = rows.model._meta.db_table
    quote = connection.ops.quote_name
    field = f"{quote(table)}.{quote(column)}"
    if _is_indexed(table, column):
        near = f"""{quote(table)}.rowid IN (SELECT pkid FROM {quote(f"idx_{table}_{column}")}
            WHERE xmin <= %s AND xmax >= %s AND ymin <= %s AND ymax >= %s)"""
        values = [bbox.east, bbox.west, bbox.north, bbox.south]
    else:
        near = f"{field} IS NOT NULL AND MbrIntersects({field}, BuildMbr(%s, %s, %s, %s, 4326))"
        values = list(bbox.bounds)
    found: Rows = rows.extra(where=[near], params=values)  # type: ignore[assignment]
    return found


def forget() -> None:
    """Ask again which columns have an index."""
    _is_indexed.cache_clear()


@lru_cache
def _is_indexed(table: str, column: str) -> bool:
    """Asked once: when Django makes a table anew, SpatiaLite's index of it is left behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT spatial_index_enabled FROM geometry_columns"
            " WHERE f_table_name = lower(%s) AND f_geometry_column = lower(%s)",
            [table, column],
        )
        found = cursor.fetchone()
    return bool(found and found[0] == 1)
