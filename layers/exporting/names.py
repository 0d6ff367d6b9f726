"""Names for the ten bytes that a DBF gives a field; the words of people go into the dictionary beside it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin

from layers.exporting.table import Column

Naming = Literal["short", "pinyin", "chinese"]
NAMINGS = {
    "short": _("short English names"),
    "pinyin": _("pinyin of the titles"),
    "chinese": _("titles, cut at ten bytes"),
}
NAME_BYTES = 10


# What a GeoPackage calls its own columns here.
_RESERVED = ("_fid", "_geom")


class Taken:
    """Keys that are in use, without case: for a GeoPackage or a shapefile “Name” and “name” are the same."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._keys = {key.lower() for key in (*_RESERVED, *keys)}

    def free(self, key: str) -> str:
        """The key, or with the first number behind it that nobody has; taken from now on."""
        wanted, number = key, 2
        while wanted.lower() in self._keys:
            wanted, number = f"{key}_{number}", number + 1
        self._keys.add(wanted.lower())
        return wanted


def field_names(
    columns: Sequence[Column], naming: Naming = "short", encoding: str = "utf-8"
) -> list[str]:
    """A name of at most ten bytes in ``encoding`` for each column, cut at whole characters, each used once."""
    taken: set[str] = set()
    names = []
    for column in columns:
        name = next(
            one
            for one in _numbered(_wanted(column, naming, encoding), encoding)
            if one.lower() not in taken
        )
        taken.add(name.lower())
        names.append(name)
    return names


def cut(text: str, size: int, encoding: str) -> str:
    """The longest beginning of the text that takes at most ``size`` bytes in ``encoding``."""
    return text.encode(encoding, "replace")[:size].decode(encoding, "ignore")


def _wanted(column: Column, naming: Naming, encoding: str) -> str:
    match naming:
        case "chinese":
            plain = re.sub(r"\W+", "_", column.title.encode(encoding, "ignore").decode(encoding))
        case "pinyin":
            plain = _pinyin(column.title)
        case _:
            plain = _ascii(column.key)
    return plain.strip("_") or _ascii(column.key).strip("_") or "f"


def _pinyin(title: str) -> str:
    """In full when that fits, otherwise the first letters."""
    full = _ascii("".join(lazy_pinyin(title)))
    if len(full) <= NAME_BYTES:
        return full
    return _ascii("".join(lazy_pinyin(title, style=Style.FIRST_LETTER)))


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "_", plain)


def _numbered(name: str, encoding: str) -> Iterator[str]:
    yield cut(name, NAME_BYTES, encoding)
    number = 2
    while True:
        tail = str(number)
        yield cut(name, NAME_BYTES - len(tail), encoding) + tail
        number += 1
