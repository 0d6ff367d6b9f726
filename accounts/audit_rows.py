"""Entries of the audit trail as rows: sealed, and written in columns."""

from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from typing import Any

from django.db import connection

from accounts.audit_entry import AuditEntry, Chain
from accounts.audit_waiting import Kept
from gis_projects.columns import Column, Same, made
from gis_projects.http.actor import Origin
from gis_projects.postgres_rows import copying
from gis_projects.sqlite_rows import insert_rows

_TABLE = AuditEntry._meta.db_table
Block = Mapping[str, Column]


class Rows:
    """Blocks of columns that are about to be written together; ``len`` is the number of rows."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Block, int]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, kept: Kept, where: Origin, chain: Chain) -> None:
        """Seal entries, which go on from the chain's last."""
        user = where.user
        asker = None if user is None else (user.pk, user.get_username())
        number, name = kept.by or asker or (None, "")
        same = {
            "at": kept.at,
            "actor_id": number,
            "actor": name,
            "address": where.address,
            "request_id": where.request_id,
            "action": kept.action,
            "kind": kept.kind,
        }
        numbers, previous, hashes = chain.seal_all(same, kept.changes, kept.labels, kept.subjects)
        block: dict[str, Column] = {field: Same(value) for field, value in same.items()}
        block |= {"subject": kept.subjects, "label": kept.labels, "changes": kept.changes}
        block |= {"sequence": numbers, "previous": previous, "hash": hashes}
        self._blocks.append((block, len(hashes)))
        self._count += len(hashes)

    def write(self) -> None:
        """One statement for many of them: Django's own insert would take many, and most of the time."""
        columns = {name: self._column(name) for name in self._blocks[0][0]}
        if connection.vendor == "postgresql":
            fields = [AuditEntry._meta.get_field(name) for name in columns]
            with copying(_TABLE, fields) as write:
                write(list(columns.values()), self._count)
            return
        columns["at"] = made(connection.ops.adapt_datetimefield_value, columns["at"])
        insert_rows(_TABLE, list(columns), list(columns.values()))

    def _column(self, name: str) -> Column:
        first = self._blocks[0][0][name]
        if isinstance(first, Same) and all(block[name] == first for block, _ in self._blocks):
            return first
        return list(chain.from_iterable(_each(block[name], n) for block, n in self._blocks))


def _each(column: Column, count: int) -> Iterable[Any]:
    return repeat(column.value, count) if isinstance(column, Same) else column
