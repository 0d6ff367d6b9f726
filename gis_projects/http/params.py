"""One typed parser per parameter of an address; unknown parameters are refused, as OGC API asks."""

from collections.abc import Collection, Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis_projects.geo.bbox import BBox, BBoxInvalid
from gis_projects.http.problems import ParameterInvalid, ParameterUnknown


def refuse_unknown(request: HttpRequest, known: Collection[str]) -> None:
    """Raises ParameterUnknown when the address has a parameter that is not in ``known``."""
    for name in request.GET:
        if name not in known:
            raise ParameterUnknown(
                _("“%(name)s” is not a parameter here. Known: %(known)s")
                % {"name": name, "known": ", ".join(sorted(known))},
                parameter=name,
            )


def choices(request: HttpRequest, name: str, allowed: Iterable[str] | None = None) -> list[str]:
    """A comma-separated list; every part must be among ``allowed`` when that is given."""
    parts = [part.strip() for part in request.GET.get(name, "").split(",") if part.strip()]
    if allowed is not None:
        permitted = set(allowed)
        for part in parts:
            if part not in permitted:
                raise ParameterInvalid(
                    _("“%(value)s” is not a value of “%(name)s”.") % {"value": part, "name": name},
                    parameter=name,
                )
    return parts


def several(request: HttpRequest, name: str) -> list[str]:
    """The parts of a parameter that may come many times, as tick boxes send it, or as a comma-separated list."""
    words = ",".join(request.GET.getlist(name)).split(",")
    return [word.strip() for word in words if word.strip()]


def whole_number(request: HttpRequest, name: str, default: int, low: int, high: int) -> int:
    """A whole number within [low, high]."""
    raw = request.GET.get(name, "")
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit() and low <= int(raw[:12]) <= high):
        raise ParameterInvalid(
            _("“%(name)s” must be a whole number from %(low)s to %(high)s.")
            % {"name": name, "low": low, "high": high},
            parameter=name,
        )
    return int(raw)


def bbox(request: HttpRequest, name: str = "bbox") -> BBox | None:
    """west,south,east,north in degrees (CRS84). None when absent; ParameterInvalid when malformed."""
    raw = request.GET.get(name, "")
    if not raw:
        return None
    try:
        return BBox.parse(raw)
    except BBoxInvalid as error:
        raise ParameterInvalid(
            _("“%(name)s” must be west,south,east,north in degrees.") % {"name": name},
            parameter=name,
            reason=str(error),
        ) from error
