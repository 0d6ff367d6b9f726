"""The style that a layer is drawn in: its own, or one that fits its geometry."""

from collections.abc import Iterable

from django.core.cache import cache

from layers.models import Layer
from layers.styles.document import Style
from layers.styles.making import DEFAULT_COLOUR, label, symbols

_LOOKED_AT = 300
_KEPT_S = 86_400
_KINDS = {"Point": "circle", "LineString": "line", "LinearRing": "line", "Polygon": "fill"}


def style_of(layer: Layer) -> Style:
    """Its own style; of a layer without one its kinds of geometry in one colour, with names."""
    if layer.style:
        return dict(layer.style)
    return {"version": 8, "layers": [*symbols(DEFAULT_COLOUR, kinds_of(layer)), label("name")]}


def kinds_of(layer: Layer) -> tuple[str, ...]:
    """Of ``fill``, ``line`` and ``circle`` those that its first 300 features need, in the order of drawing."""
    key = f"layer-kinds-{layer.pk}-{layer.revision}"
    found: tuple[str, ...] | None = cache.get(key)
    if found is None:
        rows = layer.features.shown().filter(geom__isnull=False).order_by("pk")
        geometries = rows.values_list("geom", flat=True)[:_LOOKED_AT]
        found = _ordered({geometry.geom_type for geometry in geometries if geometry})
        cache.set(key, found, _KEPT_S)
    return found


def count_of(layer: Layer) -> int:
    """How many features are shown; counted once for each revision."""
    key = f"layer-count-{layer.pk}-{layer.revision}"
    found: int | None = cache.get(key)
    if found is None:
        found = layer.features.shown().count()
        cache.set(key, found, _KEPT_S)
    return found


def _ordered(types: Iterable[str]) -> tuple[str, ...]:
    kinds = {_KINDS.get(one.removeprefix("Multi"), "fill") for one in types}
    return tuple(kind for kind in ("fill", "line", "circle") if kind in kinds) or ("fill",)
