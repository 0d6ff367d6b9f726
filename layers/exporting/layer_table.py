"""A reference layer as a table for export: its columns as they came, under names that no format takes for the same."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from layers.exporting.names import Taken
from layers.exporting.table import LABEL, Column, ColumnKind, Row, Table
from layers.models import Feature, Layer

_ITERATED = 2_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_POINTS = frozenset({"Point"})
_COMMON = ("name", "name_en")
# By the types of layers.importing; what is not here follows from the values alone.
_DECLARED: dict[str, ColumnKind] = {
    "integer": "int",
    "real": "float",
    "date": "date",
    "boolean": "bool",
}


def layer_table(layer: Layer, name: str) -> Table:
    """All features that the layer shows, in the order in which they came. Read twice, in flat memory.

    A column has the kind that all its values have, whatever its file declared, so that nothing is lost: numbers among
    texts become texts. Features that came in no file have their names in columns of their own, beside a column that is
    called so in a file. The attribution goes with every copy, as the table's label.
    """
    survey = _Survey(layer)
    taken = Taken([LABEL.key] if layer.attribution else [])
    common = [key for key in _COMMON if survey.has[key]]
    keys = list(survey.kinds)
    own = [_column(taken.free(key), survey.kind(key)) for key in keys]  # these keep their words
    columns = [*(Column(taken.free(key), str(_TITLES[key]())) for key in common), *own]
    rows = _rows(layer, common, [(key, survey.kind(key)) for key in keys])
    return Table(
        name,
        columns,
        rows,
        label=layer.attribution,
        count=survey.count,
        has_points=survey.has_points,
    )


def _column(key: str, kind: ColumnKind) -> Column:
    """A bureau's own word is key and title alike."""
    return Column(key, key, kind)


_TITLES = {"name": lambda: _("Name"), "name_en": lambda: _("English name")}


def _features(layer: Layer, *further: str) -> Iterator[Any]:
    """name, name_en, geom, properties and batch of each feature, and what is named besides."""
    rows = Feature.objects.filter(layer=layer).shown().order_by("pk")
    found = rows.values_list("name", "name_en", "geom", "properties", "batch", *further)
    yield from found.iterator(chunk_size=_ITERATED)


class _Survey:
    """What a first reading finds. kinds: of the values of each column, in order; None while all are missing."""

    def __init__(self, layer: Layer) -> None:
        self.count = 0
        self.has_points = False
        self.has = dict.fromkeys(_COMMON, False)
        self._declared = {one["name"]: _DECLARED.get(one["type"]) for one in layer.columns}
        self.kinds: dict[str, ColumnKind | None] = dict.fromkeys(self._declared)
        for name, name_en, geom, properties, batch in _features(layer):
            self.count += 1
            self.has_points |= geom is not None and geom.geom_type in _POINTS
            self.has["name"] |= batch is None and bool(name)
            self.has["name_en"] |= bool(name_en)
            for key, value in properties.items():
                if value is not None:
                    self._take(key, value)
                else:
                    self.kinds.setdefault(key, None)

    def kind(self, key: str) -> ColumnKind:
        return self.kinds[key] or self._declared.get(key) or "str"

    def _take(self, key: str, value: Any) -> None:
        kind, former = _kind_of(value, self._declared.get(key)), self.kinds.get(key)
        if former is None or former == kind:
            self.kinds[key] = kind
        else:
            self.kinds[key] = "float" if {former, kind} == {"int", "float"} else "str"


def _kind_of(value: Any, declared: ColumnKind | None) -> ColumnKind:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "float" if declared == "float" else "int"
    if isinstance(value, float):
        return "float"
    is_day = declared == "date" and isinstance(value, str) and _DAY.fullmatch(value) is not None
    return "date" if is_day else "str"


def _rows(
    layer: Layer, common: Sequence[str], columns: Sequence[tuple[str, ColumnKind]]
) -> Iterator[Row]:
    for name, name_en, geom, properties, batch, surveyed in _features(layer, "source_geom"):
        own = {"name": name if batch is None else "", "name_en": name_en}
        values = [own[key] or None for key in common]
        values += [_fitting(properties.get(key), kind) for key, kind in columns]
        yield Row(_shape(geom, surveyed), values)


def _fitting(value: Any, kind: ColumnKind) -> Any:
    """The value; None for one that came in after the first reading and is of another kind."""
    if value is None or kind == "str":
        return value
    found = _kind_of(value, kind)
    return value if found == kind or (kind == "float" and found == "int") else None


def _shape(geom: GEOSGeometry | None, surveyed: bytes | None) -> BaseGeometry | None:
    """With its heights, where these were kept."""
    if surveyed is not None:
        return shapely.from_wkb(bytes(surveyed))
    return None if geom is None else shapely.from_wkb(bytes(geom.wkb))
