"""Restoring: everything is read and checked first, then exchanged; what fails after that is taken back."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from layers.models import Layer
from projects.backup import archive, databases, facts, media
from projects.backup.databases import Database
from projects.backup.manifest import Manifest
from projects.backup.progress import Meter
from projects.backup.refusal import BackupRefused, HalfRestored
from projects.models import City, Installation

Say = Callable[[str], None]
OCCUPYING = ("projects_city", "projects_site", "accounts_user")


def restore(path: Path, *, force: bool, say: Say) -> Manifest:
    """Replace the whole installation by the backup.

    Raises BackupRefused, and then nothing has changed; or HalfRestored when that could not be kept.
    """
    database = databases.current()
    try:
        _finish_earlier(database, say)
        if not force:
            _refuse_occupied(database)
        say(_("Reading the archive"))
        with archive.reading(path) as backup:
            _refuse_foreign(backup.manifest, database)
            dump = _unpack(backup, database, say)
            _exchange(database, dump, backup.manifest, say)
            return backup.manifest
    except OSError as error:
        raise BackupRefused(_("The backup cannot be restored: %(why)s") % {"why": error}) from error
    finally:
        media.unstage()


def _finish_earlier(database: Database, say: Say) -> None:
    """A restore that was cut off is taken back; of one that had succeeded, only the leavings are removed."""
    if database.has_something_aside():
        say(_("An earlier restore was cut off: putting back what was there before it"))
        _put_back(database)
    media.forget()


def _refuse_occupied(database: Database) -> None:
    tables = database.tables()
    full = [
        table
        for table in OCCUPYING
        if table in tables and ask(f'SELECT count(*) FROM "{table}"')[0][0]
    ]
    if full or not media.is_empty():
        raise BackupRefused(
            _(
                "This installation is not empty (a city, sites, accounts or pictures). "
                "--force replaces all of it by the backup."
            )
        )


def _refuse_foreign(manifest: Manifest, database: Database) -> None:
    found = f"{manifest.vendor} {manifest.schema}".strip()
    here = f"{database.vendor} {database.schema()}".strip()
    if (found, manifest.database_name) != (here, database.dump_name):
        raise BackupRefused(
            _("The backup is of a database of the kind “%(found)s”; here is “%(here)s”.")
            % {"found": found, "here": here}
        )
    unknown = facts.unknown_migrations(manifest.migrations)
    if unknown:
        raise BackupRefused(
            _(
                "The backup is newer than this software, which does not know %(names)s. Update first."
            )
            % {"names": ", ".join(unknown[:5])}
        )


def _unpack(backup: archive.Reader, database: Database, say: Say) -> Path:
    """Everything to the staging folder, each file checked. Returns the database's dump."""
    folder = media.stage()
    free = shutil.disk_usage(folder).free
    if free < backup.size:
        raise BackupRefused(
            _("The disk has %(free)s MB free; the backup needs %(needed)s MB.")
            % {"free": free // 1_000_000, "needed": backup.size // 1_000_000}
        )
    say(_("Unpacking and checking %(size)s MB") % {"size": backup.size // 1_000_000})
    dump = folder / database.dump_name
    backup.unpack(dump, media.staged(), Meter(backup.size, say).add)
    return dump


def _exchange(database: Database, dump: Path, manifest: Manifest, say: Say) -> None:
    """From the first step aside to the last check, whatever goes wrong brings back what was there."""
    database.put_aside()
    try:
        media.put_aside()
        say(_("Restoring the database"))
        database.load(dump)
        _refuse_difference(database, manifest)
        say(_("Bringing the tables to this software's state"))
        call_command("migrate", verbosity=0, interactive=False)
        _refuse_faults(database, manifest)
        _begin_again()
        connection.close()
    except BaseException as error:
        say(_("It failed: putting back what was there"))
        _put_back(database)
        if isinstance(error, DatabaseError | CommandError):
            raise BackupRefused(
                _("The backup cannot be restored: %(why)s") % {"why": error}
            ) from error
        raise
    database.forget()
    media.forget()


def _begin_again() -> None:
    """Nothing that was given out before may be taken for something of now.

    Sessions that were ended since would live again. Revisions that were given out since would be given out again for
    other content, and a browser's copy pass for current: they go on from the clock, which is ahead of any count.
    """
    Session.objects.all().delete()
    latest = Greatest(F("publication_revision") + 1, Value(int(time.time())))
    City.objects.update(publication_revision=latest)
    Layer.objects.update(revision=Greatest(F("revision") + 1, Value(int(time.time()) // 60)))
    Installation.begin_epoch()


def _put_back(database: Database) -> None:
    try:
        connection.close()
        media.put_back()
        database.put_back()
    except (OSError, DatabaseError) as error:
        raise HalfRestored(
            _("What was there could not be put back: %(why)s. Restore again when this is mended.")
            % {"why": error}
        ) from error


def _refuse_difference(database: Database, manifest: Manifest) -> None:
    found = facts.read(ask, database.tables())
    differing = sorted(
        table
        for table in manifest.counts | found.counts
        if manifest.counts.get(table) != found.counts.get(table)
    )
    if differing or manifest.migrations != found.migrations:
        raise BackupRefused(
            _("The restored database is not the one that was kept; these tables differ: %(names)s")
            % {"names": ", ".join(differing) or facts.MIGRATIONS}
        )


def _refuse_faults(database: Database, manifest: Manifest) -> None:
    """Each picture's bytes, summed while they were unpacked, against the row that names it."""
    found = facts.faults(facts.read(ask, database.tables()).files, manifest.media)
    if found != manifest.faults:
        raise BackupRefused(
            _("Pictures do not fit their rows: %(names)s")
            % {"names": ", ".join(sorted(set(found) ^ set(manifest.faults))[:5])}
        )


def ask(sql: str) -> Sequence[tuple[Any, ...]]:
    """One SELECT in the database as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
