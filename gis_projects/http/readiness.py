"""Whether this installation can do its work: the database answers, its tables fit the code, pictures can be stored."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that must be so. name: a stable word that the public may read; detail: for operators alone."""

    name: str
    passed: bool
    detail: str


def points() -> list[Point]:
    """Every point in order; a broken database is a point that did not pass, never an exception."""
    checks: dict[str, Callable[[], Point]] = {
        "database": _database,
        "migrations": _migrations,
        "media": _media,
        "disk": _disk,
    }
    return [_safely(name, check) for name, check in checks.items()]


def _safely(name: str, check: Callable[[], Point]) -> Point:
    try:
        return check()
    except (DatabaseError, OSError) as error:
        return Point(name, False, str(error).strip())


def _database() -> Point:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Point("database", True, connection.vendor)


def _migrations() -> Point:
    """What the code brings against what the database says was applied: one query."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    pending = sorted(_in_code() - applied)
    told = ", ".join(f"{app}.{name}" for app, name in pending)
    return Point("migrations", not pending, told or "none pending")


_known: set[tuple[str, str]] = set()


def _in_code() -> set[tuple[str, str]]:
    """Read from the disk once: the code of a process does not change."""
    if not _known:
        _known.update(MigrationLoader(None).graph.nodes)
    return _known


def _media() -> Point:
    """The folder, or the one that it will be made in at the first picture."""
    folder = _standing(Path(settings.MEDIA_ROOT))
    writable = os.access(folder, os.W_OK | os.X_OK)
    return Point("media", writable, f"{folder} can {'be' if writable else 'not be'} written")


def _disk() -> Point:
    free = shutil.disk_usage(_standing(Path(settings.MEDIA_ROOT))).free
    needed = settings.MEDIA_MIN_FREE_BYTES
    return Point("disk", free >= needed, f"{free:,} bytes free, {needed:,} wanted")


def _standing(folder: Path) -> Path:
    """The nearest folder of a path that is there."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())
