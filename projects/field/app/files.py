"""The files that the app consists of, each with the hash of its bytes."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

from gis_projects.templatetags.modules import graph

APP = "js/apps/field.js"
STYLES = (
    "leaflet/leaflet.css",
    "css/tokens.css",
    "css/base.css",
    "css/map.css",
    "css/field.css",
)
SCRIPTS = ("leaflet/leaflet.js",)
# Fetched from the tablet when somebody first wants them, so that the list need not wait for them.
LATER = (
    "js/field/screens/outline.js",
    "js/field/screens/propose.js",
    "js/field/photo/sketch.js",
    "js/map/tile_layer.js",
    "js/vendor/pmtiles/pmtiles.js",
)
GEODESIC = "js/vendor/geographiclib-geodesic/geographiclib-geodesic.min.js"
ICONS = (
    "img/icon.svg",
    "img/field-192.png",
    "img/field-512.png",
    "img/field-maskable-512.png",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of the app. sha256: of the bytes behind it; whoever answers with others is not our server."""

    url: str
    sha256: str


def static_entries() -> tuple[Entry, ...]:
    """Everything under STATIC_URL that a start without network needs."""
    return _read_now() if settings.DEBUG else _read_once()


def scripts() -> str:
    """All our own modules of the app, one after the other."""
    return _text_now() if settings.DEBUG else _text_once()


@lru_cache(maxsize=1)
def _text_once() -> str:
    return _text_now()


def _text_now() -> str:
    own = [name for name in _modules() if "/vendor/" not in name]
    return "\n".join(content(name).decode() for name in own)


def _modules() -> list[str]:
    return list(dict.fromkeys([*graph(APP), *(name for later in LATER for name in graph(later))]))


@lru_cache(maxsize=1)
def _read_once() -> tuple[Entry, ...]:
    return _read_now()


def _read_now() -> tuple[Entry, ...]:
    names = [*STYLES, *SCRIPTS, *ICONS, *_modules(), GEODESIC]
    return tuple(Entry(static(name), digest(content(name))) for name in dict.fromkeys(names))


def content(name: str) -> bytes:
    """The bytes that are served for a static name. Raises FileNotFoundError."""
    hashed = getattr(staticfiles_storage, "stored_name", None)
    path = Path(staticfiles_storage.path(hashed(name))) if hashed else None
    if path is None or not path.is_file():
        found = finders.find(name)
        if not found:
            raise FileNotFoundError(f"no static file {name}")
        path = Path(found)
    return path.read_bytes()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
