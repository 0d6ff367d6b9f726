"""Whether an expression is one of ours, and where it is not. Places are JSON pointers (RFC 6901).

``match`` and ``case`` without a hit give their own last output, ``step`` and ``interpolate`` over what is no number
the property's default.
"""

import math
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from layers.styles.words import (
    COLOUR,
    COMPARISONS,
    GEOMETRY_TYPES,
    MAX_ARGUMENTS,
    MAX_DEPTH,
    MAX_TEXT,
    Property,
)

Note = Callable[[str, str], None]


def check_value(value: Any, wanted: Property, at: str, note: Note) -> None:
    """A property's value: plain, or an expression where the property takes one. note: told place and sentence."""
    if wanted.kind == "text":
        _check_text(value, at, note, 0)
    elif wanted.kind in {"colour", "number"} and isinstance(value, list):
        _check_expression(value, wanted, at, note, 0)
    else:
        _check_plain(value, wanted, at, note)


def check_filter(value: Any, at: str, note: Note) -> None:
    """A condition that a feature meets or not."""
    _check_condition(value, at, note, 0)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _check_plain(value: Any, wanted: Property, at: str, note: Note) -> None:
    sentence = _mistake(value, wanted)
    if sentence:
        note(at, sentence)


def _mistake(value: Any, wanted: Property) -> str:
    if wanted.kind == "colour":
        is_colour = isinstance(value, str) and COLOUR.fullmatch(value)
        return "" if is_colour else _("A colour such as #0b5c56 is needed here.")
    if wanted.kind == "choice":
        words = {"words": ", ".join(wanted.choices)}
        return (
            "" if value in wanted.choices else _("One of these is needed here: %(words)s") % words
        )
    bounds = {"low": f"{wanted.low:g}", "high": f"{wanted.high:g}"}
    if wanted.kind == "dash":
        is_dash = isinstance(value, list) and 2 <= len(value) <= 8
        is_right = is_dash and all(_is_within(part, wanted) for part in value) and sum(value) > 0
        return (
            ""
            if is_right
            else _("2 to 8 lengths from %(low)s to %(high)s are needed here.") % bounds
        )
    if _is_within(value, wanted):
        return ""
    return _("A number from %(low)s to %(high)s is needed here.") % bounds


def _is_within(value: Any, wanted: Property) -> bool:
    return is_number(value) and wanted.low <= value <= wanted.high


def _check_expression(value: list[Any], wanted: Property, at: str, note: Note, depth: int) -> None:
    if not _begins_well(value, at, note, depth):
        return
    check = {"match": _check_match, "case": _check_case, "step": _check_step}.get(value[0])
    if value[0] == "interpolate":
        check = _check_interpolate
    if check is None:
        words = {"word": str(value[0])[:40], "known": "match, case, step, interpolate"}
        note(f"{at}/0", _("“%(word)s” is not known here. Known: %(known)s") % words)
        return
    check(value, wanted, at, note, depth)


def _check_output(value: Any, wanted: Property, at: str, note: Note, depth: int) -> None:
    if isinstance(value, list):
        _check_expression(value, wanted, at, note, depth + 1)
    else:
        _check_plain(value, wanted, at, note)


def _check_match(value: list[Any], wanted: Property, at: str, note: Note, depth: int) -> None:
    """["match", input, label or [labels], output, …, output of the others]."""
    if len(value) < 5 or len(value) % 2 == 0:
        note(
            at,
            _("“match” takes an input, pairs of value and output, and an output for the others."),
        )
        return
    _check_get(value[1], f"{at}/1", note)
    for index in range(2, len(value) - 1, 2):
        labels = value[index] if isinstance(value[index], list) else [value[index]]
        if not labels or not all(_is_scalar(label) for label in labels):
            note(f"{at}/{index}", _("A text or a number, or a list of them, is needed here."))
        _check_output(value[index + 1], wanted, f"{at}/{index + 1}", note, depth)
    _check_output(value[-1], wanted, f"{at}/{len(value) - 1}", note, depth)


def _check_case(value: list[Any], wanted: Property, at: str, note: Note, depth: int) -> None:
    """["case", condition, output, …, output of the others]."""
    if len(value) < 4 or len(value) % 2:
        note(at, _("“case” takes pairs of condition and output, and an output for the others."))
        return
    for index in range(1, len(value) - 1, 2):
        _check_condition(value[index], f"{at}/{index}", note, depth + 1)
        _check_output(value[index + 1], wanted, f"{at}/{index + 1}", note, depth)
    _check_output(value[-1], wanted, f"{at}/{len(value) - 1}", note, depth)


def _check_step(value: list[Any], wanted: Property, at: str, note: Note, depth: int) -> None:
    """["step", input, first output, stop, output, …]."""
    if len(value) < 5 or len(value) % 2 == 0:
        note(at, _("“step” takes an input, an output, and pairs of stop and output."))
        return
    _check_input(value[1], f"{at}/1", note)
    _check_output(value[2], wanted, f"{at}/2", note, depth)
    _check_stops(value, 3, wanted, at, note, depth)


def _check_interpolate(value: list[Any], wanted: Property, at: str, note: Note, depth: int) -> None:
    """["interpolate", ["linear"], input, stop, output, …]."""
    if len(value) < 7 or len(value) % 2 == 0 or value[1] != ["linear"]:
        note(
            at,
            _(
                '“interpolate” takes ["linear"], an input, and at least two pairs of stop and output.'
            ),
        )
        return
    _check_input(value[2], f"{at}/2", note)
    _check_stops(value, 3, wanted, at, note, depth)


def _check_stops(
    value: list[Any], start: int, wanted: Property, at: str, note: Note, depth: int
) -> None:
    former = -math.inf
    for index in range(start, len(value), 2):
        if not is_number(value[index]) or value[index] <= former:
            note(f"{at}/{index}", _("A number larger than the one before is needed here."))
        else:
            former = value[index]
        _check_output(value[index + 1], wanted, f"{at}/{index + 1}", note, depth)


def _check_input(value: Any, at: str, note: Note) -> None:
    if value != ["zoom"]:
        _check_get(value, at, note)


def _check_get(value: Any, at: str, note: Note) -> None:
    is_get = isinstance(value, list) and len(value) == 2 and value[0] == "get"
    if not is_get or not _is_name(value[1]):
        note(at, _('["get", column] is needed here.'))


def _check_text(value: Any, at: str, note: Note, depth: int) -> None:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            note(at, _("The text is too long: at most %(most)s.") % {"most": MAX_TEXT})
        return
    if not isinstance(value, list):
        note(at, _("A text or an expression that gives one is needed here."))
        return
    if not _begins_well(value, at, note, depth):
        return
    if value[0] == "get":
        _check_get(value, at, note)
    elif value[0] in {"concat", "coalesce", "to-string"} and len(value) > 1:
        for index, part in enumerate(value[1:], 1):
            _check_text(part, f"{at}/{index}", note, depth + 1)
    else:
        words = {"word": str(value[0])[:40], "known": "get, concat, coalesce, to-string"}
        note(f"{at}/0", _("“%(word)s” is not known here. Known: %(known)s") % words)


def _check_condition(value: Any, at: str, note: Note, depth: int) -> None:
    if not isinstance(value, list) or not _begins_well(value, at, note, depth):
        if not isinstance(value, list):
            note(at, _('A condition such as ["==", ["get", column], value] is needed here.'))
        return
    name = value[0]
    if name in {"all", "any"} or (name == "!" and len(value) == 2):
        for index, part in enumerate(value[1:], 1):
            _check_condition(part, f"{at}/{index}", note, depth + 1)
    elif name == "has" and len(value) == 2 and _is_name(value[1]):
        return
    elif name in COMPARISONS and len(value) == 3:
        _check_comparison(value, at, note)
    elif name == "in" and len(value) == 3:
        _check_get(value[1], f"{at}/1", note)
        _check_literal(value[2], f"{at}/2", note)
    else:
        words = {
            "word": str(name)[:40],
            "known": ", ".join((*COMPARISONS, "in", "has", "!", "all", "any")),
        }
        note(f"{at}/0", _("“%(word)s” is not known here. Known: %(known)s") % words)


def _check_comparison(value: list[Any], at: str, note: Note) -> None:
    if value[1] == ["geometry-type"]:
        if value[0] not in {"==", "!="} or value[2] not in GEOMETRY_TYPES:
            words = {"words": ", ".join(GEOMETRY_TYPES)}
            note(f"{at}/2", _("One of these is needed here: %(words)s") % words)
        return
    _check_input(value[1], f"{at}/1", note)
    if not _is_scalar(value[2]) and not isinstance(value[2], bool):
        note(f"{at}/2", _("A text or a number is needed here."))


def _check_literal(value: Any, at: str, note: Note) -> None:
    is_list = isinstance(value, list) and len(value) == 2 and value[0] == "literal"
    values = value[1] if is_list and isinstance(value[1], list) else []
    if not values or len(values) > MAX_ARGUMENTS or not all(_is_scalar(one) for one in values):
        note(at, _('["literal", [values]] is needed here.'))


def _begins_well(value: list[Any], at: str, note: Note, depth: int) -> bool:
    if not value or not isinstance(value[0], str):
        note(at, _("An expression begins with a word."))
        return False
    if len(value) > MAX_ARGUMENTS or depth > MAX_DEPTH:
        note(at, _("The expression is too long, or nested too deep."))
        return False
    return True


def _is_scalar(value: Any) -> bool:
    return is_number(value) or (isinstance(value, str) and len(value) <= MAX_TEXT)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT
