"""The page of the app and what belongs to it. It is the same for everybody who reads the same language."""

import hashlib
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.i18n import JavaScriptCatalog

from gis_projects.templatetags.modules import graph
from layers.models import Layer
from projects.field.app import files
from projects.field.app.files import Entry
from projects.map_settings import WHOLE_COUNTRY, layer_settings, may_draw_borders
from projects.models import City


def page(city: City | None) -> str:
    """The shell's HTML: no name of a person, no token, nothing that is not public."""
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


def precache(request: HttpRequest) -> list[Entry]:
    """What the worker keeps: the page and the words in the request's language, and every static file."""
    answer = JavaScriptCatalog.as_view()(request)
    assert isinstance(answer, HttpResponse)
    words = answer.content
    return [
        Entry(reverse("field-shell"), files.digest(page(City.objects.first()).encode())),
        Entry(reverse("javascript-catalog"), files.digest(words)),
        *files.static_entries(),
    ]


def version() -> str:
    """Ten digits that change with any file of the app."""
    told = "".join(entry.sha256 for entry in files.static_entries())
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
        "tile_library": static("js/vendor/protomaps-leaflet/protomaps-leaflet.js"),
        "geodesic": static(files.GEODESIC),
        "city": [city.name, city.name_en] if city else ["", ""],
        "demonstration": city is not None and city.is_demonstration,
        "version": version(),
        "login": f"{reverse('accounts:login')}?next={reverse('field-home')}",
        "logout": reverse("accounts:logout"),
        "plain": reverse("field-plain"),
        "home": reverse("field-home"),
    }


def _name(city: City | None) -> str:
    if city is None:
        return ""
    return city.name_en if (get_language() or "").startswith("en") and city.name_en else city.name
