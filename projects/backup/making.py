"""Making a backup: database first, then media, so that no row in it points to a picture that came later."""

import datetime as dt
import os
import tarfile
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from projects.backup import archive, databases, facts, media
from projects.backup.manifest import Entry, Manifest
from projects.backup.progress import Meter
from projects.backup.refusal import BackupRefused

Say = Callable[[str], None]


def make_backup(target: Path, *, force: bool, say: Say) -> Manifest:
    """Write target whole or not at all; it is read again before it gets its name. Raises BackupRefused."""
    _refuse_place(target, force)
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as workplace:
            manifest = _write(part, Path(workplace), say)
        say(_("Reading it again"))
        with archive.reading(part) as written:
            written.check(Meter(written.size, say).add)
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise BackupRefused(_("The backup cannot be written: %(why)s") % {"why": error}) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _refuse_place(target: Path, force: bool) -> None:
    if not target.parent.is_dir():
        raise BackupRefused(_("There is no folder “%(path)s”.") % {"path": target.parent})
    if target.is_dir() or (target.exists() and not force):
        raise BackupRefused(
            _("“%(path)s” exists already; --force overwrites it.") % {"path": target}
        )
    if media.root().resolve() in target.resolve().parents:
        raise BackupRefused(_("The backup may not lie in the media folder that it keeps."))


def _write(part: Path, workplace: Path, say: Say) -> Manifest:
    """Readable by its owner alone: the file holds names, password hashes and unpublished places."""
    database = databases.current()
    say(_("Copying the database"))
    created = dt.datetime.now(dt.UTC)
    dump = workplace / database.dump_name
    found = database.dump(dump)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writer = archive.Writer(tar)
            entry = writer.add(database.dump_name, dump, lambda _count: None)
            files = _add_media(writer, say)
            manifest = Manifest(
                created_at=created.isoformat(timespec="seconds"),
                vendor=database.vendor,
                schema=database.schema(),
                migrations=found.migrations,
                counts=found.counts,
                database_name=database.dump_name,
                database=entry,
                media=files,
                faults=facts.faults(found.files, files),
            )
            writer.finish(manifest)
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _add_media(writer: archive.Writer, say: Say) -> dict[str, Entry]:
    found = list(media.walk())
    meter = Meter(sum(path.stat().st_size for _name, path in found), say)
    say(
        _("%(count)s files of media, %(size)s MB")
        % {"count": len(found), "size": meter.total // 1_000_000}
    )
    return {name: writer.add(archive.MEDIA + name, path, meter.add) for name, path in found}


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut only when the folder itself was written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
