"""The map that a tablet carries: archives of the layers that are too large to come whole."""

from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from gis_projects.http.problems import RequestInvalid
from layers.archives import making, tasks
from layers.archives.shelf import Shelf
from layers.models import Layer
from layers.tiles.views import address_revision
from projects.access import require_staff

MAX_LAYERS = 200
JsonDict = dict[str, Any]


@require_POST
def ground(request: HttpRequest) -> JsonResponse:
    """Body: ``{"layers": [key, …]}``. Of each that everybody sees: where its archive is, how large, or how far it is.

    One that is not there is asked for: what a tablet has not been told of it cannot take along.
    """
    require_staff(request)
    wanted = _keys(request.body)
    layers = Layer.objects.visible_to(AnonymousUser()).filter(key__in=wanted)
    return JsonResponse({"layers": [_archive(layer) for layer in layers]})


def _keys(body: bytes) -> list[str]:
    """Raises RequestInvalid."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestInvalid() from error
    keys = found.get("layers") if isinstance(found, dict) else None
    if not isinstance(keys, list) or len(keys) > MAX_LAYERS:
        raise RequestInvalid("layers")
    if not all(isinstance(key, str) for key in keys):
        raise RequestInvalid("layers")
    return keys


def _archive(layer: Layer) -> JsonDict:
    revision = address_revision(making.tile_set(layer.key))
    shelf = Shelf(layer.key)
    told: JsonDict = {
        "key": layer.key,
        "name": [layer.name, layer.name_en],
        "revision": revision,
        "url": reverse("layer-archive", args=[layer.key, revision]),
    }
    found = shelf.archive(revision)
    if found is not None:
        made = {"bytes": found.size, "made_at": found.made_at.isoformat(), "share": 1.0}
        return {**told, "state": "ready", **made}
    before = shelf.progress()
    tasks.ask(layer.key, revision)
    has_failed = before is not None and before.state == "failed"
    share = before.share if before is not None and before.revision == revision else 0.0
    state = "failed" if has_failed else "making"
    return {**told, "state": state, "bytes": 0, "made_at": "", "share": share}
