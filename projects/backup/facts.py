"""What a database holds, told in a form that two databases can be compared by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from projects.backup.manifest import Entry

Ask = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs one SELECT in the database, or the copy of it, that is looked at."""

MIGRATIONS = MigrationRecorder.Migration._meta.db_table


@dataclass(frozen=True, slots=True)
class Facts:
    """files: what rows name below the media folder, with the SHA-256 that the row keeps, or empty when it has none."""

    migrations: dict[str, list[str]]
    counts: dict[str, int]
    files: dict[str, str]


def read(ask: Ask, existing: set[str]) -> Facts:
    """existing: the names of all tables there; an older or an empty database has fewer."""
    return Facts(_migrations(ask, existing), _counts(ask, existing), _files(ask, existing))


def faults(files: Mapping[str, str], media: Mapping[str, Entry]) -> list[str]:
    """The paths that rows name and that are not in media, or are not the bytes that the row keeps the sum of."""
    return sorted(
        path
        for path, sha256 in files.items()
        if path not in media or (sha256 and media[path].sha256 != sha256)
    )


def unknown_migrations(applied: Mapping[str, Sequence[str]]) -> list[str]:
    """Those that this code does not have, as ``app.name``: the data is newer than the code."""
    loader = MigrationLoader(None)
    replaced = {key for found in loader.disk_migrations.values() for key in found.replaces}
    known = set(loader.disk_migrations) | replaced
    return [
        f"{app}.{name}"
        for app, names in sorted(applied.items())
        for name in names
        if (app, name) not in known
    ]


def _migrations(ask: Ask, existing: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if MIGRATIONS in existing:
        for app, name in ask(f'SELECT app, name FROM "{MIGRATIONS}" ORDER BY app, name'):
            found.setdefault(app, []).append(name)
    return found


def _counts(ask: Ask, existing: set[str]) -> dict[str, int]:
    ours = {*connection.introspection.django_table_names(include_views=False), MIGRATIONS}
    return {
        table: int(ask(f'SELECT count(*) FROM "{table}"')[0][0])
        for table in sorted(ours & existing)
    }


def _files(ask: Ask, existing: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    if "layers_rasterscene" in existing:
        found |= {path: "" for (path,) in ask("SELECT file FROM layers_rasterscene")}
    if "projects_photo" in existing:
        for original, display, sha256 in ask(
            "SELECT original, display, sha256 FROM projects_photo"
        ):
            found |= {display: "", original: sha256}
    return found
