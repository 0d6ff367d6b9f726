"""What a person wants of an export, read from the address, and what of it the next one begins with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from gis_projects.http.params import choices, several
from layers.exporting.formats import FORMATS
from layers.exporting.names import Naming
from layers.exporting.zones import crs_choices
from projects.models import City

PARAMETERS = frozenset({"format", "crs", "names", "column"})
_SESSION_KEY = "export"
_RARELY_WANTED = ("name_en", "published", "source_crs")


@dataclass(frozen=True)
class Choice:
    """columns: keys of those that go; None for all. names: of a shapefile's fields."""

    format: str = "gpkg"
    crs: str = "EPSG:4326"
    names: Naming = "short"
    columns: frozenset[str] | None = None


def city_crs_choices() -> Mapping[str, str]:
    """``EPSG:…`` → name: those that make sense in this city."""
    city = City.objects.first()
    return crs_choices(city.bbox if city is not None else None)


def chosen(request: HttpRequest) -> Choice:
    """The address's own words; what it leaves out is as in ``Choice``. Columns are not checked here.

    Raises ParameterInvalid for a format, CRS or naming that is none.
    """
    plain = Choice()
    columns = frozenset(several(request, "column"))
    names: Any = _one(request, "names", get_args(Naming), plain.names)
    return Choice(
        _one(request, "format", FORMATS, plain.format),
        _one(request, "crs", city_crs_choices(), plain.crs),
        names,
        columns or None,
    )


def _one(request: HttpRequest, name: str, allowed: Iterable[str], default: str) -> str:
    return (choices(request, name, allowed) or [default])[0]


def remember(session: SessionBase, choice: Choice, offered: Collection[str]) -> None:
    """Keep the choice for this log-in. offered: the keys of all columns that could have been chosen.

    What is kept of the columns are those left out, so that those of another programme begin with a tick.
    """
    unticked = set(_left_out(session))
    if choice.columns is not None:
        unticked = (unticked - set(offered)) | (set(offered) - choice.columns)
    kept = {
        "format": choice.format,
        "crs": choice.crs,
        "names": choice.names,
        "left_out": sorted(unticked),
    }
    if session.get(_SESSION_KEY) != kept:
        session[_SESSION_KEY] = kept


def last(session: SessionBase, offered: Collection[str]) -> Choice:
    """What the page begins with: the last choice of this log-in."""
    kept = session.get(_SESSION_KEY, {})
    plain = Choice()
    return Choice(
        kept.get("format", plain.format),
        kept.get("crs", plain.crs),
        kept.get("names", plain.names),
        frozenset(offered) - _left_out(session),
    )


def _left_out(session: SessionBase) -> frozenset[str]:
    return frozenset(session.get(_SESSION_KEY, {}).get("left_out", _RARELY_WANTED))
