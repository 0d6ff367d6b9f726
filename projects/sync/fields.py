"""A site's fields as tablets know them: JSON values out, checked values in."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import shapely
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from projects.models import Site
from projects.sync.operation import Refused
from projects.trail import ATTRIBUTE

STATE, GEOM, PROGRESS = "state", "geom", "progress"
# Said with a new state: why; and the visit that found it so. They are no fields of the site.
NOTE, VISIT = "state_note", "state_inspection"
_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")
_TEXTS = {"name": 120, "name_en": 160, "address": 200}
# What somebody on the spot can know; the rest of a site is the office's.
INSPECTORS = frozenset({STATE, GEOM, PROGRESS, "address", "actual_start", "actual_end"})
KNOWN = INSPECTORS | frozenset(_DATES) | frozenset(_TEXTS)


def value_of(site: Site, field: str) -> Any:
    """What the field holds now, as JSON has it. A geometry is told by its version (``geometry_version``)."""
    if field == STATE:
        return site.state.key
    if field == GEOM:
        return geometry_version(site)
    if field.startswith(ATTRIBUTE):
        return site.attributes.get(field.removeprefix(ATTRIBUTE))
    value = getattr(site, field)
    return value.isoformat() if isinstance(value, dt.date) else value


def geometry_version(site: Site) -> str:
    """Sixteen hexadecimal digits that change with the geometry, the same on both databases."""
    return _version(bytes(site.geom.wkb))


def version_of(geom: BaseGeometry) -> str:
    """``geometry_version`` of a site that has this geometry."""
    return _version(shapely.to_wkb(geom, output_dimension=2, byte_order=1))


def _version(wkb: bytes) -> str:
    return hashlib.sha256(wkb).hexdigest()[:16]


def is_known(field: str) -> bool:
    return field in KNOWN or field.startswith(ATTRIBUTE)


def plain_values(take: Mapping[str, Any]) -> dict[str, Any]:
    """Of the merged fields those that are columns, as Python has them. Raises Refused (value-invalid)."""
    return {
        field: _column(field, value)
        for field, value in take.items()
        if field in KNOWN - {STATE, GEOM}
    }


def attributes_after(site: Site, take: Mapping[str, Any]) -> dict[str, Any] | None:
    """The site's attributes with the merged ones in them; null takes one away. None when none is meant."""
    meant = {
        field.removeprefix(ATTRIBUTE): value
        for field, value in take.items()
        if field.startswith(ATTRIBUTE)
    }
    if not meant:
        return None
    after = {**site.attributes, **meant}
    return {key: value for key, value in after.items() if value is not None}


def geometry(value: Any) -> BaseGeometry:
    """A GeoJSON geometry (EPSG:4326, lon/lat; RFC 7946). Raises Refused (geometry-invalid)."""
    try:
        found: BaseGeometry = shape(value)
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise Refused("geometry-invalid", _("The geometry cannot be read.")) from error
    if found.is_empty or not bool(shapely.get_coordinates(found).size):
        raise Refused("geometry-invalid", _("The geometry is empty."))
    return found


def progress(value: Any) -> int:
    """Raises Refused (value-invalid)."""
    if type(value) is not int or not 0 <= value <= 100:
        raise _invalid(PROGRESS)
    return value


def _column(field: str, value: Any) -> Any:
    if field == PROGRESS:
        return progress(value)
    if field in _DATES:
        return _date(field, value)
    if not isinstance(value, str) or len(value) > _TEXTS[field] or "\x00" in value:
        raise _invalid(field)
    if field == "name" and not value.strip():
        raise _invalid(field)
    return value


def _date(field: str, value: Any) -> dt.date | None:
    if value is None:
        return None
    try:
        found = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise _invalid(field)
    return found


def _invalid(field: str) -> Refused:
    return Refused("value-invalid", _("“%(field)s” cannot have this value.") % {"field": field})
