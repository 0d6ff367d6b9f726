"""The files that were sent: which is the picture, which says where it lies, which is not needed."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from layers.importing.archive import Part
from layers.importing.unpacking import unpacked_in_quarantine
from layers.raster.incoming import Upload
from layers.raster.problems import SceneCode, SceneNote, SceneRefused
from layers.raster.remote import upload_of
from layers.raster.sniff import DRIVERS

PICTURES = tuple(DRIVERS)
_WORLD = (".tfw", ".tifw", ".tiffw", ".jgw", ".jpgw", ".jpegw", ".pgw", ".pngw", ".wld")
_PRJ = ".prj"
_ZIP = ".zip"
# What a page may offer to choose from.
ACCEPTED = (*PICTURES, *_WORLD, _PRJ, _ZIP)
_TEXT_BYTES = 20_000
_NAMED = 5  # files that were not needed; more names tell a reader nothing


@dataclass(frozen=True)
class Sent:
    """prj: the text of a .prj beside the picture, empty without one. notes: files that were not read."""

    upload: Upload
    prj: str
    notes: list[SceneNote]


@contextmanager
def sorted_out(parts: Sequence[Part]) -> Iterator[Sent]:
    """The picture, ready to be looked at; what was unpacked is gone afterwards.

    Raises SceneRefused when there is not one picture, or a world file is none, and ImportRefused for a zip that is
    damaged or unsafe.
    """
    with tempfile.TemporaryDirectory(prefix="scene-") as folder:
        yield _sorted(list(_loose(parts, Path(folder))))


def is_picture(name: str) -> bool:
    """Whether the name says that it is one."""
    return name.lower().endswith(PICTURES)


def _loose(parts: Sequence[Part], folder: Path) -> Iterator[Part]:
    for number, part in enumerate(parts):
        if _suffix(part) == _ZIP:
            wanted = (*PICTURES, *_WORLD, _PRJ)
            for one in unpacked_in_quarantine(part, folder / str(number), wanted):
                yield Part(PurePosixPath(one.name).name, one.path)
        else:
            yield part


def _sorted(parts: Sequence[Part]) -> Sent:
    pictures = [part for part in parts if _suffix(part) in PICTURES]
    if len(pictures) > 1:
        names = ", ".join(part.name for part in pictures)
        raise SceneRefused(SceneCode.SEVERAL_PICTURES, names=names[:200])
    if not pictures:
        found = ", ".join(part.name for part in parts) or "-"
        raise SceneRefused(SceneCode.NOT_A_PICTURE, found=found[:200])
    picture = pictures[0]
    world, prj = _beside(picture, parts, _WORLD), _beside(picture, parts, (_PRJ,))
    used = {id(part) for part in (picture, world, prj)}
    ignored = [part.name for part in parts if id(part) not in used]
    numbers = None if world is None else _numbers(world)
    return Sent(
        upload=upload_of(picture.path, picture.name, numbers),
        prj="" if prj is None else _text(prj.path),
        notes=[SceneNote(SceneCode.SIDECAR_IGNORED, {"name": one}) for one in ignored[:_NAMED]],
    )


def _beside(picture: Part, parts: Sequence[Part], suffixes: Sequence[str]) -> Part | None:
    """The file of one of these kinds that belongs to the picture: of the same name, else the first."""
    found = [part for part in parts if _suffix(part) in suffixes]
    stem = PurePosixPath(picture.name).stem.lower()
    same = [part for part in found if PurePosixPath(part.name).stem.lower() == stem]
    return next(iter(same or found), None)


def _suffix(part: Part) -> str:
    return PurePosixPath(part.name).suffix.lower()


def _numbers(part: Part) -> tuple[float, ...]:
    try:
        numbers = tuple(float(word) for word in _text(part.path).split())
    except ValueError:
        numbers = ()
    if len(numbers) != 6:
        raise SceneRefused(SceneCode.BAD_WORLD_FILE, name=part.name)
    return numbers


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_TEXT_BYTES).decode("utf-8", "replace").strip("\ufeff \r\n\t")
