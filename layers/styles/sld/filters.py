"""Filters of SLD rules as conditions of a style.

Source: OGC 02-059 (Filter Encoding 1.0) and OGC 09-026r2, sections 7.7 and 7.8, as QGIS writes them.
"""

from __future__ import annotations

import re
from typing import Any

from layers.importing.xml_stream import Tree

COMPARISONS = {
    "PropertyIsEqualTo": "==",
    "PropertyIsNotEqualTo": "!=",
    "PropertyIsLessThan": "<",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThan": ">",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
# Neither 007, which is a code, nor 1e5.
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_NAMES = ("PropertyName", "ValueReference")


class FilterUnsupported(Exception):
    """element: the name of what is not understood."""

    def __init__(self, element: str) -> None:
        super().__init__(element)
        self.element = element


def condition(tree: Tree) -> Any:
    """The condition of an ogc:Filter's only child. Raises FilterUnsupported."""
    if tree.tag in {"And", "Or"}:
        return ["all" if tree.tag == "And" else "any", *(condition(one) for one in tree.children)]
    if tree.tag == "Not" and len(tree.children) == 1:
        return ["!", condition(tree.children[0])]
    if tree.tag == "PropertyIsNull":
        return ["!", ["has", _column(tree)]]
    if tree.tag == "PropertyIsBetween":
        low, high = (_bound(tree, name) for name in ("LowerBoundary", "UpperBoundary"))
        column = ["get", _column(tree)]
        return ["all", [">=", column, low], ["<=", column, high]]
    if tree.tag in COMPARISONS:
        return [COMPARISONS[tree.tag], ["get", _column(tree)], _literal(tree)]
    raise FilterUnsupported(tree.tag)


def _column(tree: Tree) -> str:
    for name in _NAMES:
        if found := tree.value(name):
            return found
    raise FilterUnsupported(tree.children[0].tag if tree.children else tree.tag)


def _literal(tree: Tree) -> str | float | int:
    found = tree.child("Literal")
    if found is None or found.children:
        other = found.children[0] if found is not None else tree.children[-1:] and tree.children[-1]
        raise FilterUnsupported(f"{tree.tag} {other.tag if other else ''}".strip())
    return number_or_text(found.text.strip())


def _bound(tree: Tree, name: str) -> str | float | int:
    found = tree.child(name)
    if found is None:
        raise FilterUnsupported(tree.tag)
    return _literal(found)


def number_or_text(text: str) -> str | float | int:
    """A literal says nothing of its type: what is written as a plain decimal number is one."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return text
    return float(text) if found[1] else int(text)
