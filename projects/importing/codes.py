"""The codes that a file has brought so far: a code may stand once in it."""

import json
import sqlite3
from collections.abc import Sequence

_IN_MEMORY = 100_000


class Codes:
    """A few in memory, many in a table in a temporary file, which goes away with it."""

    def __init__(self) -> None:
        self._recent: set[str] = set()
        self._table: sqlite3.Connection | None = None

    def are_new(self, codes: Sequence[str]) -> list[bool]:
        """For each whether it comes for the first time; all of them are known from now on."""
        former = self._former(codes)
        found = []
        for code in codes:
            is_new = code not in self._recent and code not in former
            if is_new:
                self._recent.add(code)
            found.append(is_new)
        if len(self._recent) > _IN_MEMORY:
            self._put_away()
        return found

    def _former(self, codes: Sequence[str]) -> set[str]:
        if self._table is None:
            return set()
        sql = "SELECT code FROM code WHERE code IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._table.execute(sql, [json.dumps(codes)])}

    def _put_away(self) -> None:
        if self._table is None:
            self._table = sqlite3.connect("", isolation_level=None)
            self._table.execute("CREATE TABLE code (code TEXT PRIMARY KEY) WITHOUT ROWID")
        self._table.execute("BEGIN")
        rows = [(code,) for code in sorted(self._recent)]
        self._table.executemany("INSERT INTO code VALUES (?)", rows)
        self._table.execute("COMMIT")
        self._recent.clear()
