"""YAML with the line of every value: plain data only, no tags, no key twice."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from projects.city.mistakes import Mistakes
from projects.city.text_file import read_text

PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str")
)
DATE_TAG = "tag:yaml.org,2002:timestamp"
MAX_DEPTH = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Node:
    """value: a scalar, ``list[Node]`` or ``dict[str, Node]``; text: a scalar as it was written.

    key_lines: where each key of a mapping stands.
    """

    line: int
    value: Any
    text: str = ""
    key_lines: dict[str, int] = field(default_factory=dict)


def read_yaml(folder: Path, name: str, mistakes: Mistakes) -> Node | None:
    """The one document of the file; None when it cannot be read, with the reason among the mistakes."""
    text = read_text(folder, name, mistakes)
    if text is None:
        return None
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mistakes.add(name, _error_line(error, text), "file", _not_yaml(error))
        return None
    if root is None:
        mistakes.add(name, 1, "file", _("The file is empty."))
        return None
    return _Converter(name, mistakes).convert(root)


def _error_line(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position) + 1


def _not_yaml(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    return _("The file is not valid YAML: %(reason)s.") % {"reason": reason}


def plain(node: Node) -> Any:
    """The value without its lines."""
    if isinstance(node.value, dict):
        return {key: plain(inside) for key, inside in node.value.items()}
    if isinstance(node.value, list):
        return [plain(inside) for inside in node.value]
    return node.value


def within(node: Node, step: str) -> Node | None:
    """What a mapping has under a key, or a list at a place; None for what is not there."""
    if isinstance(node.value, dict):
        return node.value.get(step)
    if isinstance(node.value, list) and step.isdecimal() and int(step) < len(node.value):
        found: Node = node.value[int(step)]
        return found
    return None


class _Converter:
    """Turns PyYAML's nodes into ours. A node that is referred to (``*name``) is converted once."""

    def __init__(self, name: str, mistakes: Mistakes) -> None:
        self.name = name
        self.mistakes = mistakes
        self.scalars = yaml.SafeLoader("")
        self.done: dict[int, Node] = {}

    def convert(self, node: yaml.Node, depth: int = 0) -> Node:
        known = self.done.get(id(node))
        if known is not None:
            return known
        if depth > MAX_DEPTH:
            self._refuse(node, _("The values are nested too deeply."))
            return Node(_line(node), None)
        made = self._make(node, depth)
        self.done[id(node)] = made
        return made

    def _make(self, node: yaml.Node, depth: int) -> Node:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return Node(_line(node), [self.convert(item, depth + 1) for item in node.value])
        return Node(_line(node), self._scalar(node), str(node.value))

    def _mapping(self, node: yaml.MappingNode, depth: int) -> Node:
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, _("A key must be a plain word."))
                continue
            key = str(key_node.value)
            if key in values:
                self._refuse(key_node, _("“%(key)s” is given twice.") % {"key": key}, key)
                continue
            values[key] = self.convert(value_node, depth + 1)
            lines[key] = _line(key_node)
        return Node(_line(node), values, key_lines=lines)

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag == DATE_TAG:
            return str(node.value)  # a date is text here; who wants one reads it as one
        if node.tag not in PLAIN_TAGS:
            self._refuse(node, _("The tag “%(tag)s” has no meaning here.") % {"tag": node.tag})
            return None
        try:
            return self.scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            self._refuse(node, _("“%(value)s” cannot be read.") % {"value": node.value})
            return None

    def _refuse(self, node: yaml.Node, sentence: str, field: str = "file") -> None:
        self.mistakes.add(self.name, _line(node), field, sentence)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
