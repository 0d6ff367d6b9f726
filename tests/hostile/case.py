"""A hostile upload: its parts, and what it hopes to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Door = Literal["sites", "scene", "photo"]
# refused: nothing of it may be stored. inert: it may come in, but what is hostile about it does nothing.
Fate = Literal["refused", "inert"]


@dataclass(frozen=True, slots=True)
class Bait:
    """What a file may point at: an address that is listened to, and a file that is good geodata with a canary."""

    url: str
    file: Path


Maker = Callable[[Path, Bait], list[Path]]


@dataclass(frozen=True, slots=True)
class Case:
    """make: writes the parts into an empty folder and gives the paths that are sent."""

    name: str
    make: Maker
    door: Door = "sites"
    fate: Fate = "refused"


CANARY = "canary-7f3a-嫩江"
Cases = Iterator[Case]


def content(name: str, data: bytes | str | Callable[[Bait], bytes | str]) -> Maker:
    """One file of this name and content."""

    def make(folder: Path, bait: Bait) -> list[Path]:
        value = data(bait) if callable(data) else data
        path = folder / name
        path.write_bytes(value.encode() if isinstance(value, str) else value)
        return [path]

    return make
