"""One tar file: the database, ``media/…``, and at its end the manifest with the manifest's own checksum.

A tar without compression: photographs do not shrink, and any tar opens it in an emergency. The manifest comes last,
so an archive that was cut off has none.
"""

import hashlib
import io
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from projects.backup.manifest import Entry, Manifest, parse
from projects.backup.media import RESERVED
from projects.backup.refusal import BackupRefused

MANIFEST, MANIFEST_SUM = "manifest.json", "manifest.sha256"
MEDIA = "media/"
MANIFEST_MAX_BYTES = 256 * 1024 * 1024
_CHUNK = 1024 * 1024
Progress = Callable[[int], None]
"""Called with the bytes done since the last call."""


class Writer:
    """Adds files to an open tar and remembers what it wrote."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar

    def add(self, name: str, path: Path, progress: Progress) -> Entry:
        """As many bytes as the file has now: one that grows meanwhile belongs to no row of this backup."""
        with path.open("rb") as source:
            info = self._info(name, path.stat().st_size)
            hashing = _Hashing(source, progress)
            self.tar.addfile(info, hashing)
        return Entry(info.size, hashing.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        data = manifest.to_json()
        for name, content in (
            (MANIFEST, data),
            (MANIFEST_SUM, hashlib.sha256(data).hexdigest().encode()),
        ):
            self.tar.addfile(self._info(name, len(content)), io.BytesIO(content))

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(time.time())
        return info


class _Hashing(io.RawIOBase):
    """Passes bytes on and counts them into a SHA-256."""

    def __init__(self, source: IO[bytes], progress: Progress) -> None:
        self.source, self.progress, self.digest = source, progress, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        self.progress(len(data))
        return data


class Reader:
    """An archive whose names and manifest are sound; the contents are checked while they are read."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members = _sound_members(tar)
        self.manifest = self._read_manifest()
        self._match_names()

    def check(self, progress: Progress) -> None:
        """Read everything once. Raises BackupRefused at the first file that is not what the manifest says."""
        for name, entry in self.entries():
            self._copy(name, entry, None, progress)

    def unpack(self, database: Path, media: Path, progress: Progress) -> None:
        """Write the database's file and the tree of media, each checked. Raises BackupRefused as check() does."""
        for name, entry in self.entries():
            path = media / name.removeprefix(MEDIA) if name.startswith(MEDIA) else database
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                self._copy(name, entry, target, progress)

    def entries(self) -> Iterator[tuple[str, Entry]]:
        yield self.manifest.database_name, self.manifest.database
        for path, entry in self.manifest.media.items():
            yield MEDIA + path, entry

    @property
    def size(self) -> int:
        """Bytes of everything inside."""
        return sum(entry.size for _name, entry in self.entries())

    def _copy(self, name: str, entry: Entry, target: IO[bytes] | None, progress: Progress) -> None:
        digest = hashlib.sha256()
        source = self._open(name)
        while data := source.read(_CHUNK):
            digest.update(data)
            if target is not None:
                target.write(data)
            progress(len(data))
        if digest.hexdigest() != entry.sha256:
            raise BackupRefused(
                _("The archive is damaged: “%(name)s” is not what was put in.") % {"name": name}
            )

    def _open(self, name: str) -> IO[bytes]:
        source = self.tar.extractfile(self.members[name])
        if source is None:
            raise KeyError(name)
        return source

    def _read_manifest(self) -> Manifest:
        try:
            if self.members[MANIFEST].size > MANIFEST_MAX_BYTES:
                raise KeyError(MANIFEST)
            data, told = self._open(MANIFEST).read(), self._open(MANIFEST_SUM).read(64)
        except KeyError as error:
            raise BackupRefused(
                _("This is not a backup, or it was cut off: it has no manifest.")
            ) from error
        if hashlib.sha256(data).hexdigest().encode() != told:
            raise BackupRefused(
                _("The archive is damaged: “%(name)s” is not what was put in.") % {"name": MANIFEST}
            )
        return parse(data)

    def _match_names(self) -> None:
        expected = {name for name, _entry in self.entries()} | {MANIFEST, MANIFEST_SUM}
        if expected != set(self.members):
            odd = sorted(expected ^ set(self.members))[0]
            raise BackupRefused(
                _("The archive is damaged: its files and its manifest disagree about “%(name)s”.")
                % {"name": odd}
            )


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Raises BackupRefused for what is no archive of ours."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield Reader(tar)
    except FileNotFoundError as error:
        raise BackupRefused(_("There is no file “%(path)s”.") % {"path": path}) from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(
            _("“%(path)s” is not a backup, or it was cut off.") % {"path": path}
        ) from error


def _sound_members(tar: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    """Plain files alone, each once, none that would leave the folder it is unpacked in."""
    found: dict[str, tarfile.TarInfo] = {}
    for member in tar.getmembers():
        plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
        if not plain or member.name in found or not is_inside(member.name):
            raise BackupRefused(
                _("The archive holds “%(name)s”, which no backup has: it is not opened.")
                % {"name": member.name}
            )
        found[member.name] = member
    return found


def is_inside(name: str) -> bool:
    """Whether a member's name stays in its folder: one top-level file, or a path below ``media/``."""
    parts = PurePosixPath(name).parts
    if "/".join(parts) != name or any(part in {"..", "."} for part in parts):
        return False
    if "\\" in name or "\0" in name or name.startswith("/"):
        return False
    if len(parts) == 1:
        return name != MEDIA.rstrip("/")
    return parts[0] + "/" == MEDIA and parts[1] not in RESERVED
