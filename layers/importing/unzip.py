"""Taking files out of a zip that comes from outside, in bounds.

Refused: paths out of the folder, links, encryption, archives in archives, too many entries, too
many bytes, and a ratio that only a bomb has. Sizes are counted while unpacking: the directory of an
archive may lie.
"""

from __future__ import annotations

import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.importing.problems import Code, ImportRefused, megabytes, refuse

NESTED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".kmz")
_BLOCK = 1 << 20
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    struct.error,
    ValueError,
    RuntimeError,
)

_PATH: Promise = _("leads out of the archive")
_LINK: Promise = _("is a link")
_LOCKED: Promise = _("is encrypted")
_NESTED: Promise = _("is an archive within the archive")
_BOMB: Promise = _("unpacks to far more than its size")
_MANY: Promise = _("is one of too many entries")


@dataclass(frozen=True, slots=True)
class Part:
    """A file that was sent: what it is called, and where it lies."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may cost. A table full of blanks packs 300:1, hence ``ratio_from_bytes``."""

    entries: int = 2_000
    total_bytes: int = 2 << 30
    ratio: int = 200
    ratio_from_bytes: int = 64 << 20


DEFAULT_LIMITS = Limits()


def unpack(
    archive: Part, folder: Path, wanted: Sequence[str], limits: Limits = DEFAULT_LIMITS
) -> list[Part]:
    """Write the files with a wanted extension to ``folder``, under numbers for names.

    wanted: lower-case extensions with the dot. Unwanted files come back as names without content,
    so that a refusal can say what was there. Raises ImportRefused.
    """
    name = PurePosixPath(archive.name).name
    try:
        with zipfile.ZipFile(archive.path) as file:
            entries = list(_entries(file, name, limits))
            if not any(info.file_size for _name, info in entries):
                raise refuse(Code.EMPTY_ARCHIVE, name)
            folder.mkdir(parents=True, exist_ok=True)
            return _write(file, entries, folder, wanted, limits, name)
    except ImportRefused:
        raise
    except _UNREADABLE as error:
        raise refuse(Code.DAMAGED_ARCHIVE, name) from error


def _entries(
    file: zipfile.ZipFile, name: str, limits: Limits
) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    infos = file.infolist()
    if len(infos) > limits.entries:
        raise _unsafe(name, infos[limits.entries].filename, _MANY)
    if sum(info.file_size for info in infos) > limits.total_bytes:
        raise refuse(Code.TOO_LARGE, name, limit=megabytes(limits.total_bytes))
    for info in infos:
        entry = member_name(info)
        _check(info, entry, name, limits)
        if not info.is_dir() and not _is_system_file(entry):
            yield entry, info


def _check(info: zipfile.ZipInfo, entry: str, name: str, limits: Limits) -> None:
    path = PurePosixPath(entry)
    if path.is_absolute() or ".." in path.parts or ":" in entry[:2] or "\x00" in entry:
        raise _unsafe(name, entry, _PATH)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _unsafe(name, entry, _LINK)
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise _unsafe(name, entry, _LOCKED)
    if path.suffix.lower() in NESTED:
        raise _unsafe(name, entry, _NESTED)
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > limits.ratio_from_bytes and ratio > limits.ratio:
        raise _unsafe(name, entry, _BOMB)


def _write(
    file: zipfile.ZipFile,
    entries: Sequence[tuple[str, zipfile.ZipInfo]],
    folder: Path,
    wanted: Sequence[str],
    limits: Limits,
    name: str,
) -> list[Part]:
    parts: list[Part] = []
    remaining = limits.total_bytes
    for number, (entry, info) in enumerate(entries):
        target = folder / str(number)
        if PurePosixPath(entry).suffix.lower() in wanted:
            with file.open(info) as source, target.open("xb") as output:
                remaining -= _copy(source, output, remaining)
            if remaining < 0:
                raise refuse(Code.TOO_LARGE, name, limit=megabytes(limits.total_bytes))
        parts.append(Part(entry, target))
    return parts


def _copy(source: IO[bytes], output: IO[bytes], limit: int) -> int:
    """Bytes copied; stops soon after ``limit``."""
    copied = 0
    while copied <= limit and (block := source.read(_BLOCK)):
        output.write(block)
        copied += len(block)
    return copied


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry as its maker meant it.

    Chinese Windows writes GBK without the UTF-8 flag; zipfile then reads it as CP437 (PKWARE
    APPNOTE 6.3.10, appendix D), which loses nothing and can be undone.
    """
    name = info.filename.replace("\\", "/")
    if info.flag_bits & _UTF8_FLAG or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_system_file(entry: str) -> bool:
    """What macOS and Windows add of themselves, shadows of the real files among them."""
    path = PurePosixPath(entry)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name == ".DS_Store"


def _unsafe(name: str, entry: str, reason: Promise) -> ImportRefused:
    shown = "".join(char for char in entry if char.isprintable())[:120]
    return refuse(Code.UNSAFE_ARCHIVE, name, entry=shown, reason=reason)


def free(folder: Path) -> None:
    """Remove what was unpacked, once the parts are laid out."""
    shutil.rmtree(folder, ignore_errors=True)
