"""Which properties of features tiles carry, and as what: JSON gives each value a type of its own, a column has one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import orjson

from layers.tiles.tile_set import DETAIL_ZOOM

Kind = Literal["text", "whole", "number", "truth"]
FIELD_TYPES: dict[str, str] = {
    "text": "String",
    "whole": "Number",
    "number": "Number",
    "truth": "Boolean",
}
# A column with so few different values is one that maps are coloured by.
CATEGORIES = 64
BRIEF_COLUMNS = 8
# With so few features every zoom may carry everything.
FEW_FEATURES = 2_000
# A spreadsheet's worth; a table of the database has no room for endless ones.
MAX_COLUMNS = 200
_WHOLE = 2**63


@dataclass(frozen=True, slots=True)
class Column:
    """from_zoom: the first whose tiles carry it; from DETAIL_ZOOM on they carry all."""

    name: str
    kind: Kind
    from_zoom: int

    @classmethod
    def of(cls, stored: Sequence[Mapping[str, Any]]) -> "list[Column]":
        return [cls(**one) for one in stored]

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def value(self, found: Any) -> Any:
        """A JSON value as this column has it; None when there is none."""
        if found is None or self.kind in {"whole", "truth"}:
            return found
        if self.kind == "number":
            return float(found)
        return found if isinstance(found, str) else orjson.dumps(found).decode()


def with_used(columns: Sequence[Column], used: Mapping[str, int]) -> list[Column]:
    """The same, carried as early as a style that reads these columns needs them."""
    return [
        replace(column, from_zoom=min(column.from_zoom, used.get(column.name, DETAIL_ZOOM)))
        for column in columns
    ]


class Survey:
    """Looks at all features once and says what the columns are."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[Kind]] = {}
        self._values: dict[str, set[Any]] = {}
        self._count = 0

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            self._count += 1
            for name, value in row.items():
                if value is not None:
                    self._note(name, value)

    def _note(self, name: str, value: Any) -> None:
        kind = kind_of(value)
        self._kinds.setdefault(name, set()).add(kind)
        values = self._values.setdefault(name, set())
        if len(values) <= CATEGORIES:
            values.add(value if kind != "text" or isinstance(value, str) else str(value))

    def columns(self, used: Mapping[str, int]) -> list[Column]:
        """used: the columns that the layer's style reads, and from which zoom on."""
        names = list(self._kinds)[:MAX_COLUMNS]
        kinds = {name: _common(self._kinds[name]) for name in names}
        brief = names if self._count <= FEW_FEATURES else self._brief(kinds)
        columns = [Column(name, kinds[name], 0 if name in brief else DETAIL_ZOOM) for name in names]
        return with_used(columns, used)

    def _brief(self, kinds: Mapping[str, Kind]) -> list[str]:
        few = [name for name in kinds if len(self._values[name]) <= CATEGORIES]
        numbers = [name for name, kind in kinds.items() if kind in ("whole", "number")]
        return list(dict.fromkeys([*few, *numbers]))[:BRIEF_COLUMNS]


def kind_of(value: Any) -> Kind:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int):
        return "whole" if -_WHOLE <= value < _WHOLE else "number"
    return "number" if isinstance(value, float) else "text"


def _common(kinds: set[Kind]) -> Kind:
    if len(kinds) == 1:
        return next(iter(kinds))
    return "number" if kinds == {"whole", "number"} else "text"
