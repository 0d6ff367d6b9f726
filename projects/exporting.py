"""Sites as a table for export: exactly those of a filtered list, as they were surveyed."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.exporting.table import Column, ColumnKind, Look, Row, Table
from projects import attributes
from projects.editing import surveyed
from projects.importing.mapping import ATTRIBUTE, FIELD_NAMES
from projects.models import City, Programme, Site
from projects.querysets import SiteQuerySet

LABEL = "演示数据 demonstration data"
_ITERATED = 1_000
# Those of static/css/tokens.css.
PHASE_COLOURS = {
    "planned": "#5f6b7a",
    "working": "#b85300",
    "suspended": "#6f529c",
    "returned": "#a3123f",
    "completed": "#0062a0",
    "accepted": "#006b48",
}
_LOOK = Look(name="name", style_by="phase", colours=PHASE_COLOURS)
_KINDS: dict[str, ColumnKind] = {"integer": "int", "number": "float", "boolean": "bool"}
_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")
# Keys that an import reads back come first, under the very names by which it knows them.
_SITE_COLUMNS: list[tuple[str, ColumnKind, str]] = [
    ("code", "str", ""),
    ("name", "str", ""),
    ("name_en", "str", ""),
    ("district", "str", ""),
    ("address", "str", ""),
    *((name, "date", "") for name in _DATES),
    ("investment", "float", "万元"),
    ("programme", "str", ""),
    ("state", "str", ""),
    ("phase", "str", ""),
    ("progress", "int", "%"),
    ("length_m", "float", "m"),
    ("area_m2", "float", "m²"),
    ("published", "bool", ""),
    ("source_crs", "str", ""),
]
_TITLES = {
    **FIELD_NAMES,
    # Its unit stands beside it.
    "investment": _("Investment"),
    "programme": _("Programme"),
    "state": _("State"),
    "phase": _("Phase"),
    "progress": _("Progress"),
    "length_m": _("Measured length"),
    "area_m2": _("Measured area"),
    "published": _("Public"),
    "source_crs": _("Source CRS"),
}


def columns_of(programme: Programme | None) -> list[Column]:
    """The common fields of sites, and the attributes of ``programme`` when it is one.

    An attribute that is called as a common field keeps apart from it under its full name, ``attributes.address``.
    """
    schema = programme.attribute_schema if programme is not None else {}
    common = [Column(key, str(_TITLES[key]), kind, unit) for key, kind, unit in _SITE_COLUMNS]
    return common + [_attribute_column(schema, key) for key, _spec in attributes.fields(schema)]


def site_table(
    rows: SiteQuerySet,
    programme: Programme | None,
    name: str,
    chosen: Collection[str] | None = None,
) -> Table:
    """The sites of ``rows`` with the columns of ``columns_of``, or with those of them whose keys are ``chosen``.

    rows: already narrowed to what the user may have. Read once, in flat memory.
    """
    columns = [column for column in columns_of(programme) if chosen is None or column.key in chosen]
    city = City.objects.first()
    label = LABEL if city is not None and city.is_demonstration else ""
    loaded = (
        rows.defer(None)
        .select_related("programme", "state", "district")
        .defer("public_geom", "programme__attribute_schema", "district__geom")
    )
    has_points = programme is None or "Point" in programme.geometry_kinds
    return Table(name, columns, _rows(loaded, columns), label, has_points=has_points, look=_LOOK)


def _attribute_column(schema: dict[str, Any], key: str) -> Column:
    spec = schema["properties"][key]
    kind: ColumnKind = (
        "date" if spec.get("format") == "date" else _KINDS.get(spec.get("type"), "str")
    )
    apart = ATTRIBUTE + key if key.lower() in _TITLES else key
    return Column(apart, attributes.title(schema, key), kind, attributes.unit(schema, key))


def _rows(sites: SiteQuerySet, columns: Sequence[Column]) -> Iterator[Row]:
    is_english = (get_language() or "").startswith("en")
    for site in sites.order_by("programme__order", "code").iterator(chunk_size=_ITERATED):
        values = [
            _value(site, column.key, is_english)
            if column.key in _TITLES
            else site.attributes.get(column.key.removeprefix(ATTRIBUTE))
            for column in columns
        ]
        yield Row(surveyed(site), values)


def _value(site: Site, key: str, is_english: bool) -> Any:
    match key:
        case "district":
            return None if site.district is None else site.district.name
        case "programme" | "state":
            thing: Any = getattr(site, key)
            return (is_english and thing.name_en) or thing.name
        case "phase":
            return site.state.phase
        case "investment":
            return None if site.investment is None else float(site.investment)
    value = getattr(site, key)
    return value if value != "" else None
