"""PostgreSQL's side: COPY, which runs triggers and constraints as an INSERT does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import shapely
from django.db import connection

from gis_projects.columns import Column
from gis_projects.postgres_rows import copying

SRID = 4326
# A statement's new rows are kept for the triggers that look at all of them, with their geometries; in a file where they
# do not fit.
_ROOM = "64MB"


def insert(
    table: str, fields: Sequence[Any], columns: Sequence[Column], count: int, _late: object = None
) -> None:
    """Write ``count`` rows. Raises django.db.IntegrityError, DataError.

    References are looked at here and now: at the end of the transaction nobody would have anything else to do.
    """
    with copying(table, fields) as write:
        write(columns, count)
    connection.check_constraints()


@contextmanager
def writing(table: str, fields: Sequence[Any]) -> Iterator[Callable[[Sequence[Column], int], None]]:
    """One COPY for many calls: the server works on one batch while the next is made.

    Until the end the connection can do nothing else. Raises django.db.IntegrityError, DataError.
    """
    with copying(table, fields) as write:
        yield write


def make_room() -> None:
    """For the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [_ROOM])


def geometries(geoms: np.ndarray) -> list[bytes | None]:
    """EWKB."""
    marked = shapely.set_srid(geoms, SRID)
    found: list[bytes | None] = shapely.to_wkb(marked, include_srid=True).tolist()
    return found
