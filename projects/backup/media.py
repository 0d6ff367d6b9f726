"""The media folder: walked for a backup; for a restore exchanged in a few renames that can be taken back.

The exchange happens inside the folder, since the folder itself may be a mounted volume that cannot be renamed.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

STAGED, LEAVING, ASIDE = ".restoring", ".stepping-aside", ".before-restore"
RESERVED = frozenset({STAGED, LEAVING, ASIDE})
PART = ".part"
"""How the writers of pictures call a file that is not whole yet."""


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


def walk() -> Iterator[tuple[str, Path]]:
    """Every whole file, as (path below the folder with “/”, place), in order. Symbolic links are not followed."""
    base = root()
    for folder, names, files in os.walk(base):
        here = Path(folder)
        names[:] = sorted(name for name in names if here != base or name not in RESERVED)
        for name in sorted(files):
            path = here / name
            if path.is_file() and not path.is_symlink() and not name.endswith(PART):
                yield path.relative_to(base).as_posix(), path


def is_empty() -> bool:
    return next(walk(), None) is None


def stage() -> Path:
    """An empty folder for what is being restored; staged() within it takes the media."""
    unstage()
    staged().mkdir(parents=True)
    return root() / STAGED


def staged() -> Path:
    return root() / STAGED / "media"


def unstage() -> None:
    shutil.rmtree(root() / STAGED, ignore_errors=True)


def put_aside() -> None:
    """What was there steps aside, and what was staged takes its place.

    The folder's name tells an interrupted exchange how far it came: with LEAVING, everything outside is still old.
    """
    base = root()
    (base / LEAVING).mkdir(exist_ok=True)
    _move(base, base / LEAVING)
    (base / LEAVING).rename(base / ASIDE)
    _move(staged(), base)


def put_back() -> None:
    """As it was before put_aside(), also when that, or this, was interrupted."""
    base = root()
    if (base / ASIDE).is_dir():
        _remove(base)
        (base / ASIDE).rename(base / LEAVING)
    if (base / LEAVING).is_dir():
        _move(base / LEAVING, base)
    forget()


def forget() -> None:
    """Remove what stood aside, and what was staged."""
    for name in RESERVED:
        shutil.rmtree(root() / name, ignore_errors=True)


def _move(source: Path, target: Path) -> None:
    for child in list(source.iterdir()):
        if child.name not in RESERVED:
            child.rename(target / child.name)


def _remove(base: Path) -> None:
    for child in list(base.iterdir()):
        if child.name in RESERVED:
            continue
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()
