"""One mapping of a YAML file, read value by value: each answer has its type, each mistake its line.

A value that is wrong is noted and read as empty, so that reading goes on and finds the other mistakes too.
"""

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from projects.city.mistakes import Mistakes
from projects.city.yaml_nodes import Node

KEY = re.compile(r"[a-z][a-z0-9_-]*")
KEY_LENGTH = 64


@dataclass
class Record:
    """path: how the mapping is called in a mistake, such as ``programmes[greening]``; empty at the top."""

    file: str
    node: Node
    mistakes: Mistakes
    path: str = ""
    read: set[str] = field(default_factory=set)

    @property
    def line(self) -> int:
        return self.node.line

    @property
    def values(self) -> dict[str, Node]:
        return self.node.value if isinstance(self.node.value, dict) else {}

    def line_of(self, key: str) -> int:
        node = self.values.get(key)
        return self.line if node is None else node.line

    def field(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, sentence: str) -> None:
        self.mistakes.add(self.file, self.line_of(key), self.field(key), sentence)

    def has(self, key: str) -> bool:
        return key in self.values

    def key(self, name: str = "key") -> str:
        """An ASCII key: what addresses and other files call the thing."""
        text = self.text(name)
        if text and (not KEY.fullmatch(text) or len(text) > KEY_LENGTH):
            self.refuse(
                name,
                _("“%(value)s” is no key: a–z, 0–9, _ and -, a letter first, at most 64.")
                % {"value": text},
            )
        return text

    def text(self, name: str, of: type[Model] | None = None, *, required: bool = True) -> str:
        """A text; not longer than the column of the same name of ``of``. Empty when it is left out."""
        node = self._take(name, required)
        if node is None or node.value is None:
            if node is not None and required:
                self.refuse(name, _("A text is needed here."))
            return ""
        if not isinstance(node.value, str):
            self.refuse(name, _not_a_text(node))
            return ""
        text = node.value.strip()
        if required and not text:
            self.refuse(name, _("A text is needed here."))
        self._check_length(name, text, of)
        return text

    def choice(self, name: str, known: Collection[str], *, required: bool = True) -> str:
        """One of a few words. Empty when it is wrong or left out."""
        text = self.text(name, required=required)
        if text and text not in known:
            self.refuse(name, not_one_of(text, known))
            return ""
        return text

    def flag(self, name: str, default: bool = False) -> bool:
        node = self._take(name, required=False)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.refuse(
                name, _("“%(value)s” is neither true nor false.") % {"value": node.text or "…"}
            )
            return default
        return node.value

    def number(self, name: str, *, required: bool = False) -> float | int | None:
        node = self._take(name, required)
        if node is None or (node.value is None and not required):
            return None
        if not is_number(node.value):
            self.refuse(name, _not_a_number(node))
            return None
        return node.value  # type: ignore[no-any-return]

    def integer(self, name: str, *, least: int, most: int, required: bool = True) -> int:
        value = self.number(name, required=required)
        if value is None:
            return least
        if not isinstance(value, int) or not least <= value <= most:
            words = {"least": least, "most": most}
            self.refuse(
                name, _("A whole number from %(least)s to %(most)s is needed here.") % words
            )
            return least
        return value

    def decimal(self, name: str, *, digits: int, places: int) -> Decimal | None:
        """A number as it is written, without the detour over binary fractions."""
        if self.number(name) is None:
            return None
        try:
            value = Decimal(self.values[name].text.replace("_", ""))
        except InvalidOperation:
            self.refuse(name, _not_a_number(self.values[name]))
            return None
        if abs(value) >= Decimal(10) ** (digits - places) or value != round(value, places):
            words = {"digits": digits - places, "places": places}
            self.refuse(
                name,
                _("At most %(digits)s digits before the point and %(places)s after it.") % words,
            )
            return None
        return value

    def texts(
        self, name: str, known: Collection[str] | None = None, *, required: bool = True
    ) -> list[str]:
        """A list of different words, of those known when it says so."""
        found: list[str] = []
        for item in self.items(name, required=required):
            if not isinstance(item.value, str) or not item.value.strip():
                self._refuse_item(
                    name,
                    item,
                    _("“%(value)s” is not a text; put it in quotes.") % {"value": item.text or "…"},
                )
            elif known is not None and item.value not in known:
                self._refuse_item(name, item, not_one_of(item.value, known))
            elif item.value in found:
                self._refuse_item(name, item, _("“%(key)s” is given twice.") % {"key": item.value})
            else:
                found.append(item.value)
        return found

    def numbers(self, name: str, count: int) -> list[float]:
        """Exactly ``count`` numbers; an empty list when it is wrong."""
        items = self.items(name)
        if self.has(name) and (
            len(items) != count or not all(is_number(item.value) for item in items)
        ):
            self.refuse(name, _("A list of %(count)s numbers is needed here.") % {"count": count})
            return []
        return [float(item.value) for item in items]

    def items(self, name: str, *, required: bool = True) -> list[Node]:
        """A list's nodes; a list that is needed may not be empty."""
        node = self._take(name, required)
        if node is None or (node.value is None and not required):
            return []
        if not isinstance(node.value, list) or (required and not node.value):
            self.refuse(name, _("A list is needed here."))
            return []
        return node.value

    def mapping(self, name: str, *, required: bool = True) -> "Record":
        """A mapping within this one; an empty one when it is left out or wrong."""
        node = self._take(name, required)
        if node is None or (node.value is None and not required):
            return Record(self.file, Node(self.line, {}), self.mistakes, self.field(name))
        if not isinstance(node.value, dict):
            self.refuse(name, _("Named values are needed here."))
        return Record(self.file, node, self.mistakes, self.field(name))

    def records(self, name: str, *, required: bool = True) -> Iterator["Record"]:
        """A list of mappings; each is called by its key in mistakes, or by its place."""
        for number, item in enumerate(self.items(name, required=required), start=1):
            path = f"{self.field(name)}[{_name_of(item) or number}]"
            if isinstance(item.value, dict):
                yield Record(self.file, item, self.mistakes, path)
            else:
                self.mistakes.add(self.file, item.line, path, _("Named values are needed here."))

    def close(self) -> None:
        """Refuse what nobody asked for: a misspelt key would otherwise be silently without effect."""
        for name in self.values.keys() - self.read:
            sentence = _("“%(key)s” is not known here. Known: %(known)s.") % {
                "key": name,
                "known": ", ".join(sorted(self.read)),
            }
            self.mistakes.add(
                self.file, self.node.key_lines.get(name, self.line), self.field(name), sentence
            )

    def _take(self, name: str, required: bool) -> Node | None:
        self.read.add(name)
        node = self.values.get(name)
        if node is None and required and isinstance(self.node.value, dict):
            self.refuse(name, _("This is missing."))
        return node

    def _refuse_item(self, name: str, item: Node, sentence: str) -> None:
        self.mistakes.add(self.file, item.line, self.field(name), sentence)

    def _check_length(self, name: str, text: str, of: type[Model] | None) -> None:
        most = None if of is None else of._meta.get_field(name).max_length  # type: ignore[union-attr]
        if most is not None and len(text) > most:
            self.refuse(
                name, _("The text is too long; at most %(limit)s characters.") % {"limit": most}
            )


def top_record(file: str, node: Node, mistakes: Mistakes) -> Record:
    """The file's outermost mapping."""
    if not isinstance(node.value, dict):
        mistakes.add(file, node.line, "file", _("Named values are needed here."))
    return Record(file, node, mistakes)


def is_number(value: Any) -> bool:
    """A finite number that is not a truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def not_one_of(value: str, known: Collection[str]) -> str:
    words = {"value": value, "known": ", ".join(known) or "–"}
    return _("“%(value)s” is none of: %(known)s.") % words


def _not_a_text(node: Node) -> str:
    return _("“%(value)s” is not a text; put it in quotes.") % {"value": node.text or "…"}


def _not_a_number(node: Node) -> str:
    return _("“%(value)s” is not a number.") % {"value": node.text or "…"}


def _name_of(item: Node) -> str:
    key = item.value.get("key") if isinstance(item.value, dict) else None
    return key.value if key is not None and isinstance(key.value, str) else ""
