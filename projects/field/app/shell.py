"""The page of the app and what belongs to it, in each language. It is the same for everybody."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.i18n import JavaScriptCatalog

from gis_projects.templatetags.modules import graph
from layers.models import Layer
from projects.field.app import files
from projects.field.app.files import Entry
from projects.map_settings import WHOLE_COUNTRY, layer_settings, may_draw_borders
from projects.models import City


def page(city: City | None, language: str) -> str:
    """The shell's HTML: no name of a person, no token, nothing that is not public."""
    with override(language):
        return _page(city)


def words(request: HttpRequest, language: str) -> bytes:
    """What the page's scripts say, as a script."""
    with override(language):
        answer = _Words.as_view()(request)
    assert isinstance(answer, HttpResponse)
    return answer.content


class _Words(JavaScriptCatalog):
    """Of the site's sentences those that the app says."""

    def get_catalog(self) -> dict[str, Any]:
        said = files.scripts()
        return {key: words for key, words in super().get_catalog().items() if key in said}


def shells() -> dict[str, str]:
    """The page's address by language, the site's own language first."""
    codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != settings.LANGUAGE_CODE)
    return {code: reverse("field-shell", args=[code]) for code in codes}


def _page(city: City | None) -> str:
    context = {
        "city": city,
        "settings": _settings(city),
        "version": version(),
        "scripts": files.SCRIPTS,
        "styles": files.STYLES,
        "modules": graph(files.APP)[1:],
        "app": files.APP,
    }
    return render_to_string("field/shell.html", context)


def precache(request: HttpRequest) -> dict[str, Any]:
    """What the worker keeps: the page and the words in every language, and every static file."""
    own = pages(request)
    return {
        "entries": [asdict(entry) for entry in (*own, *files.static_entries())],
        "shells": shells(),
        "pages": _version(own),
        "version": version(),
    }


def pages(request: HttpRequest) -> list[Entry]:
    """The page and the words, in every language."""
    city = City.objects.first()
    found = []
    for language, url in shells().items():
        found.append(Entry(url, files.digest(page(city, language).encode())))
        spoken = files.digest(words(request, language))
        found.append(Entry(reverse("field-words", args=[language]), spoken))
    return found


def version() -> str:
    """Ten digits that change with any file of the app."""
    return _version(files.static_entries())


def _version(entries: Iterable[Entry]) -> str:
    told = "".join(entry.sha256 for entry in entries)
    return hashlib.sha256(told.encode()).hexdigest()[:10]


def manifest(city: City | None) -> dict[str, Any]:
    """W3C Web Application Manifest."""
    icons = [
        {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        *(
            {"src": static(f"img/{name}.png"), "sizes": size, "type": "image/png", **purpose}
            for name, size, purpose in (
                ("field-192", "192x192", {}),
                ("field-512", "512x512", {}),
                ("field-maskable-512", "512x512", {"purpose": "maskable"}),
            )
        ),
    ]
    name = _("Field work")
    return {
        "id": reverse("field-home"),
        "name": f"{_name(city)} {name}".strip(),
        "short_name": name,
        "lang": get_language(),
        "start_url": reverse("field-home"),
        "scope": reverse("field-home"),
        "display": "standalone",
        "background_color": "#f3f5f4",
        "theme_color": "#0b5c56",
        "icons": icons,
    }


def _settings(city: City | None) -> dict[str, Any]:
    layers = Layer.objects.visible_to(AnonymousUser())
    return {
        "bbox": list(city.bbox.bounds) if city else WHOLE_COUNTRY,
        "attribution": [city.attribution, city.attribution_en] if city else ["", ""],
        "approval": city.map_approval_number if city else "",
        "districts": reverse("layer-items", args=["districts"]) if may_draw_borders(city) else None,
        "layers": [layer_settings(layer) for layer in layers],
        "geodesic": static(files.GEODESIC),
        "city": [city.name, city.name_en] if city else ["", ""],
        "demonstration": city is not None and city.is_demonstration,
        "version": version(),
        "login": f"{reverse('accounts:login')}?next={reverse('field-home')}",
        "logout": reverse("accounts:logout"),
        "plain": reverse("field-plain"),
        "home": reverse("field-home"),
        "set_language": reverse("set_language"),
    }


def _name(city: City | None) -> str:
    if city is None:
        return ""
    return city.name_en if (get_language() or "").startswith("en") and city.name_en else city.name
