"""Sites as a table for export: exactly those of a filtered list, as they were surveyed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.exporting.table import Column, ColumnKind, Row, Table
from projects import attributes
from projects.editing import to_shapely
from projects.importing.mapping import FIELD_NAMES
from projects.models import City, Programme, Site
from projects.querysets import SiteQuerySet

LABEL = "演示数据 demonstration data"
_ITERATED = 1_000
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
    "programme": _("Programme"),
    "state": _("State"),
    "phase": _("Phase"),
    "progress": _("Progress"),
    "length_m": _("Measured length"),
    "area_m2": _("Measured area"),
    "published": _("Public"),
    "source_crs": _("Source CRS"),
}


def site_table(rows: SiteQuerySet, programme: Programme | None, name: str) -> Table:
    """The sites of ``rows`` with their common fields, and with the attributes of ``programme`` when it is one.

    rows: already narrowed to what the user may have. Read once, in flat memory.
    """
    schema = programme.attribute_schema if programme is not None else {}
    keys = [key for key, _spec in attributes.fields(schema)]
    columns = [Column(key, str(_TITLES[key]), kind, unit) for key, kind, unit in _SITE_COLUMNS]
    columns += [_attribute_column(schema, key) for key in keys]
    city = City.objects.first()
    label = LABEL if city is not None and city.is_demonstration else ""
    loaded = (
        rows.defer(None)
        .select_related("programme", "state", "district")
        .defer("public_geom", "programme__attribute_schema", "district__geom")
    )
    return Table(name, columns, _rows(loaded, keys), label)


def _attribute_column(schema: dict[str, Any], key: str) -> Column:
    spec = schema["properties"][key]
    kind: ColumnKind = (
        "date" if spec.get("format") == "date" else _KINDS.get(spec.get("type"), "str")
    )
    return Column(key, attributes.title(schema, key), kind, attributes.unit(schema, key))


def _rows(sites: SiteQuerySet, keys: Sequence[str]) -> Iterator[Row]:
    is_english = (get_language() or "").startswith("en")
    for site in sites.order_by("programme__order", "code").iterator(chunk_size=_ITERATED):
        values = [_value(site, key, is_english) for key, _kind, _unit in _SITE_COLUMNS]
        values += [site.attributes.get(key) for key in keys]
        yield Row(to_shapely(site.geom), values)


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
