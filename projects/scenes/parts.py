"""The files that were sent: which is the picture, which says where it lies, which is not needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from layers.importing.archive import Part
from layers.raster.incoming import Upload
from layers.raster.problems import SceneCode, SceneNote, SceneRefused
from layers.raster.remote import upload_of
from layers.raster.sniff import DRIVERS

_WORLD = frozenset({".tfw", ".tifw", ".tiffw", ".jgw", ".jpgw", ".jpegw", ".pgw", ".pngw", ".wld"})
_PRJ = ".prj"
_TEXT_BYTES = 20_000


@dataclass(frozen=True)
class Sent:
    """prj: the text of a .prj beside the picture, empty without one. notes: files that were not read."""

    upload: Upload
    prj: str
    notes: list[SceneNote]


def sort_out(parts: Sequence[Part]) -> Sent:
    """Raises SceneRefused when there is not one picture, or a world file is none."""
    pictures = [part for part in parts if _suffix(part) in DRIVERS]
    if len(pictures) > 1:
        names = ", ".join(part.name for part in pictures)
        raise SceneRefused(SceneCode.SEVERAL_PICTURES, names=names)
    if not pictures:
        found = ", ".join(part.name for part in parts) or "-"
        raise SceneRefused(SceneCode.NOT_A_PICTURE, found=found[:200])
    world = next((part for part in parts if _suffix(part) in _WORLD), None)
    prj = next((part for part in parts if _suffix(part) == _PRJ), None)
    used = {id(part) for part in (pictures[0], world, prj)}
    ignored = [part for part in parts if id(part) not in used]
    return Sent(
        upload=upload_of(
            pictures[0].path, pictures[0].name, None if world is None else _numbers(world)
        ),
        prj="" if prj is None else _text(prj.path),
        notes=[SceneNote(SceneCode.SIDECAR_IGNORED, {"name": part.name}) for part in ignored],
    )


def _suffix(part: Part) -> str:
    return PurePath(part.name).suffix.lower()


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
