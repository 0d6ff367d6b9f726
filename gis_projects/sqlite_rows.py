"""Many rows by one statement on SQLite: half the time of one statement a row, and no holding of Python meanwhile."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from sqlite3 import SQLITE_LIMIT_VARIABLE_NUMBER

from django.db import connection

from gis_projects.columns import Column, Same

# More at once gains nothing, and other threads wait for Python while values are bound.
_ROWS = 500


def insert_rows(table: str, names: Sequence[str], columns: Sequence[Column]) -> None:
    """Write rows given in columns, values as SQLite takes them. names: of the columns; none for all of the table.

    At least one column is no ``Same``. Raises django.db.IntegrityError.
    """
    quote = connection.ops.quote_name
    listed = f" ({', '.join(map(quote, names))})" if names else ""
    begin = f"INSERT INTO {quote(table)}{listed} VALUES "
    same = tuple(isinstance(column, Same) for column in columns)
    once = [column.value for column in columns if isinstance(column, Same)]
    varied = [column for column in columns if not isinstance(column, Same)]
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    database = connection.connection
    room = database.getlimit(SQLITE_LIMIT_VARIABLE_NUMBER) - len(once)
    size = max(1, min(_ROWS, room // len(varied)))
    with connection.wrap_database_errors:
        for start in range(0, len(varied[0]), size):
            some = [column[start : start + size] for column in varied]
            values = chain.from_iterable(zip(*some, strict=True))
            # Not by Django's cursor: it would look for its %s in each of these long statements.
            database.execute(begin + _holes(same, len(some[0])), [*once, *values])


@lru_cache(maxsize=64)
def _holes(same: tuple[bool, ...], rows: int) -> str:
    """Places for the rows' values; what is the same in all is given once, ahead of the others."""
    row, ahead = [], 0
    for is_same in same:
        ahead += is_same
        row.append(f"?{ahead}" if is_same else "{}")
    template = f"({', '.join(row)})"
    count = len(same) - ahead
    return ", ".join(
        template.format(*(f"?{ahead + at * count + place}" for place in range(1, count + 1)))
        for at in range(rows)
    )
