"""The parameters of a tile's address, read into a look; each refusal says what would have been right."""

import math
from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis_projects.http import params
from gis_projects.http.problems import ParameterInvalid
from layers.raster.colours import RAMPS
from layers.raster.looks import INDICES, Look, Stretch

LOOK = ("bands", "stretch", "colormap", "index")
TILE_SIZES = ("256", "512")


def tile_size(request: HttpRequest) -> int:
    """``?size=256`` or ``512``."""
    sizes = params.choices(request, "size", TILE_SIZES)
    return int(sizes[0]) if sizes else 256


def look(request: HttpRequest) -> Look:
    """``bands``, ``index``, ``stretch`` and ``colormap``. Raises ParameterInvalid."""
    bands = _bands(request)
    index = _one(request, "index", INDICES)
    colormap = _one(request, "colormap", RAMPS)
    if bands and index:
        raise ParameterInvalid(_("Give “bands” or “index”, not both."), parameter="index")
    if colormap and not index and len(bands) != 1:
        raise ParameterInvalid(
            _("“colormap” is for one band or an index: add “bands” with one number, or “index”."),
            parameter="colormap",
        )
    return Look(bands, index, _stretch(request), colormap)


def _bands(request: HttpRequest) -> tuple[int, ...]:
    parts = params.choices(request, "bands")
    numbers = tuple(
        int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 4
    )
    if len(numbers) != len(parts) or len(numbers) not in {0, 1, 3} or 0 in numbers:
        raise ParameterInvalid(
            _("“bands” must be one or three numbers of bands, counted from 1, as in 4,3,2."),
            parameter="bands",
        )
    return numbers


def _one(request: HttpRequest, name: str, allowed: Mapping[str, object]) -> str:
    value = request.GET.get(name, "")
    if value and value not in allowed:
        raise ParameterInvalid(
            _("“%(value)s” is not a value of “%(name)s”. There are: %(known)s.")
            % {"value": value[:40], "name": name, "known": ", ".join(allowed)},
            parameter=name,
        )
    return value


def _stretch(request: HttpRequest) -> Stretch | None:
    """``low,high``: two values, or two percentiles as in ``p2,p98``."""
    raw = request.GET.get("stretch", "")
    if not raw:
        return None
    words = raw.split(",")
    is_percentile = all(word.startswith("p") for word in words)
    try:
        numbers = [float(word.removeprefix("p") if is_percentile else word) for word in words]
    except ValueError:
        numbers = []
    allowed = (0.0, 100.0) if is_percentile else (-1e12, 1e12)
    fits = all(math.isfinite(one) and allowed[0] <= one <= allowed[1] for one in numbers)
    if len(numbers) != 2 or not fits or numbers[0] >= numbers[1]:
        raise ParameterInvalid(
            _("“stretch” must be two rising values, as in 200,3000, or percentiles, as in p2,p98."),
            parameter="stretch",
        )
    return Stretch(numbers[0], numbers[1], is_percentile)
