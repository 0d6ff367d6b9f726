"""The names of coordinate reference systems as those who work with them here say them.

The EPSG dataset has English names only. Those of the systems that Chinese bureaus use follow a few patterns, and are
told in the reader's language; a name that follows none of them stays as it is.
"""

import re
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DATUMS: dict[str, str | Promise] = {
    "China Geodetic Coordinate System 2000": "CGCS2000",
    "CGCS2000": "CGCS2000",
    "Xian 1980": _("Xian 1980"),
    "Beijing 1954": _("Beijing 1954"),
    "New Beijing": _("New Beijing"),
    "WGS 84": "WGS 84",
}
_GAUSS = re.compile(r"(3-degree )?Gauss-Kruger (zone|CM) (\d+)E?")
_UTM = re.compile(r"UTM zone (\d+)([NS])")
_NUMBER = re.compile(r"(.+) (\(EPSG:\d+\))")


def crs_words(label: str) -> str:
    """``CRSInfo.label`` or ``CRSInfo.name`` in the reader's language; any other text comes back unchanged."""
    numbered = _NUMBER.fullmatch(label)
    name, number = numbered.groups() if numbered else (label, "")
    datum, _slash, projection = name.partition(" / ")
    if datum not in _DATUMS:
        return label
    known = _DATUMS[datum]
    words = _projected(projection) if projection else str(_("longitude and latitude"))
    return " ".join(filter(None, [str(known), words, number]))


def _projected(projection: str) -> str:
    for pattern, say in _SAID:
        found = pattern.fullmatch(projection)
        if found:
            return say(found)
    return f"/ {projection}"


def _gauss(found: re.Match[str]) -> str:
    is_narrow, by, number = found.groups()
    if by == "zone":
        words = _("3-degree zone %(n)s") if is_narrow else _("6-degree zone %(n)s")
    else:
        words = (
            _("3-degree zone, central meridian %(n)s°E")
            if is_narrow
            else _("6-degree zone, central meridian %(n)s°E")
        )
    return str(words) % {"n": number}


def _utm(found: re.Match[str]) -> str:
    return str(_("UTM zone %(n)s")) % {"n": "".join(found.groups())}


_SAID: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_GAUSS, _gauss),
    (_UTM, _utm),
    (re.compile("Pseudo-Mercator"), lambda _found: str(_("web Mercator"))),
)
