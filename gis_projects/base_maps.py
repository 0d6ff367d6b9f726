"""Base maps from outside that an installation names in its settings, and the hosts that pages may then ask.

There is none unless the settings say so: maps draw the city themselves. Each is checked when the site starts.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

KEY = re.compile(r"[a-z][a-z0-9-]{0,31}")
TYPES = ("xyz", "wmts", "pmtiles")
MAX_ZOOM = 22
_TEXTS = ("name", "name_en", "attribution", "approval")
_KNOWN = {"key", "type", "url", "labels", "subdomains", "gcj02", "minzoom", "maxzoom", *_TEXTS}
# WMTS templates have words of their own. Source: OGC 07-057r7, section 11.2.
_WMTS = {"{TileMatrix}": "{z}", "{TileRow}": "{y}", "{TileCol}": "{x}"}
# What would end a directive of the Content-Security-Policy is no part of a host.
_ADDRESS = re.compile(r"""https?://[^/\s;,'"]+/|/[^/]""")
_TIANDITU = {
    "vec": ("天地图矢量", "Tianditu map", "cva"),
    "img": ("天地图影像", "Tianditu imagery", "cia"),
    "ter": ("天地图地形", "Tianditu terrain", "cta"),
}
_TIANDITU_ZOOMS = {"vec": 18, "img": 18, "ter": 14}


@dataclass(frozen=True)
class BaseMap:
    """urls: from the bottom up, with {z}, {x}, {y} and {s}. gcj02: its tiles lie where GCJ-02 has their places."""

    key: str
    name: tuple[str, str]
    type: str
    urls: tuple[str, ...]
    subdomains: tuple[str, ...] = ()
    gcj02: bool = False
    minzoom: int = 0
    maxzoom: int = 18
    attribution: str = ""
    approval: str = ""

    def plain(self) -> dict[str, Any]:
        """For the pages' scripts."""
        return asdict(self)

    def hosts(self) -> set[str]:
        """Origins that its addresses are of; none for an address on this site."""
        found = set()
        for url in self.urls:
            for name in self.subdomains or ("",):
                parts = urlsplit(url.replace("{s}", name))
                if parts.netloc:
                    found.add(f"{parts.scheme}://{parts.netloc}")
        return found


def tianditu(key: str, approval: str) -> list[BaseMap]:
    """The three of the national service, each with its names on top. key: of an account there; empty for none.

    Raises ImproperlyConfigured without the number under which the map was approved (审图号), which must be shown.
    """
    if not key:
        return []
    if not re.fullmatch(r"[0-9A-Za-z]{8,64}", key):
        raise ImproperlyConfigured("TIANDITU_KEY is no key: letters and digits, 8 to 64 of them")
    if not approval:
        raise ImproperlyConfigured(
            "TIANDITU_APPROVAL is needed: the map's approval number (审图号)"
        )
    subdomains = tuple("01234567")
    return [
        BaseMap(
            f"tianditu-{layer}", (name, name_en), "xyz", tuple(_tianditu_url(one, key) for one in (layer, labels)),
            subdomains, maxzoom=_TIANDITU_ZOOMS[layer], attribution="天地图 · 国家基础地理信息中心", approval=approval,
        )
        for layer, (name, name_en, labels) in _TIANDITU.items()
    ]  # fmt: skip


def _tianditu_url(layer: str, key: str) -> str:
    return (
        f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
        "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk="
        + key
    )


def parse(text: str) -> list[BaseMap]:
    """BASE_MAPS: a JSON list of objects as docs/deployment.md has them. Raises ImproperlyConfigured."""
    if not text:
        return []
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"BASE_MAPS is no JSON: {error}") from error
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ImproperlyConfigured("BASE_MAPS is no list of objects")
    return [_base_map(one) for one in listed]


def _base_map(given: dict[str, Any]) -> BaseMap:
    key = given.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise ImproperlyConfigured(f"BASE_MAPS: {key!r} is no key: a–z, 0–9 and -, a letter first")
    _refuse(set(given) - _KNOWN, key, "is not known")
    _refuse(
        {name for name in _TEXTS if not isinstance(given.get(name, ""), str)}, key, "is no text"
    )
    if given.get("type", "xyz") not in TYPES:
        raise ImproperlyConfigured(f"BASE_MAPS, {key}: type is one of {', '.join(TYPES)}")
    urls = [given.get("url"), *([given["labels"]] if "labels" in given else [])]
    zooms = {
        name: given.get(name, fallback) for name, fallback in (("minzoom", 0), ("maxzoom", 18))
    }
    _refuse(
        {name for name, zoom in zooms.items() if zoom not in range(MAX_ZOOM + 1)}, key, "is no zoom"
    )
    is_archive = given.get("type") == "pmtiles"
    return BaseMap(
        key,
        (str(given.get("name") or key), str(given.get("name_en", ""))),
        "pmtiles" if is_archive else "xyz",
        tuple(_url(url, key, is_archive) for url in urls),
        tuple(str(given.get("subdomains", ""))),
        given.get("gcj02") is True,
        **zooms,
        attribution=given.get("attribution", ""),
        approval=given.get("approval", ""),
    )


def _url(given: Any, key: str, is_archive: bool) -> str:
    if not isinstance(given, str) or not _ADDRESS.match(given):
        raise ImproperlyConfigured(f"BASE_MAPS, {key}: {given!r} is no address")
    url = given
    for word, ours in _WMTS.items():
        url = url.replace(word, ours)
    if not is_archive and not all(word in url for word in ("{z}", "{x}", "{y}")):
        raise ImproperlyConfigured(f"BASE_MAPS, {key}: the address lacks {{z}}, {{x}} or {{y}}")
    return url


def _refuse(names: set[str], key: str, words: str) -> None:
    if names:
        raise ImproperlyConfigured(f"BASE_MAPS, {key}: {', '.join(sorted(names))} {words}")


def chosen(default: str, known: list[BaseMap]) -> str:
    """BASE_MAP: the key of the one that is shown at first; empty for none. Raises ImproperlyConfigured."""
    if len({base.key for base in known}) < len(known):
        raise ImproperlyConfigured("BASE_MAPS: a key is given twice")
    if default and default not in {base.key for base in known}:
        raise ImproperlyConfigured(f"BASE_MAP={default!r} is none of the base maps")
    return default


def image_hosts(known: list[BaseMap]) -> list[str]:
    """For Content-Security-Policy img-src."""
    return sorted({host for base in known if base.type == "xyz" for host in base.hosts()})


def connect_hosts(known: list[BaseMap]) -> list[str]:
    """For Content-Security-Policy connect-src: archives are read in ranges by the page's script."""
    return sorted({host for base in known if base.type == "pmtiles" for host in base.hosts()})
