"""Reference layers written to the database. A layer that the folder no longer names is left where it is: layers
come from elsewhere, too.
"""

from collections.abc import Iterator
from typing import Any

from layers.models import Batch, Feature, Layer
from projects.city.specs import LayerSpec
from projects.city.upsert import Tally
from projects.editing import to_geos


def write(specs: tuple[LayerSpec, ...]) -> Iterator[tuple[str, Tally]]:
    layers, features = Tally(), Tally()
    for spec in specs:
        values = {
            "name": spec.name,
            "name_en": spec.name_en,
            "group": spec.group,
            "group_en": spec.group_en,
            "attribution": spec.attribution,
            "is_schematic": spec.is_schematic,
            "published": spec.published,
            "style": dict(spec.style),
            "order": spec.order,
        }
        layer = layers.upsert(Layer, {"key": spec.key}, values)
        _write_features(layer, spec, features)
    yield "layers", layers
    yield "features", features


def _write_features(layer: Layer, spec: LayerSpec, tally: Tally) -> None:
    """Features have no key of their own: a layer's are the same, all of them, or they are all replaced."""
    wanted: list[tuple[Any, ...]] = [
        (item.name, item.name_en, to_geos(item.geom), dict(item.properties))
        for item in spec.features
    ]
    rows = Feature.objects.filter(layer=layer).shown().order_by("pk")
    found = list(rows.values_list("name", "name_en", "geom", "properties"))
    if found == wanted:
        tally.unchanged += len(found)
        return
    tally.removed += rows.count()
    Feature.objects.filter(layer=layer).delete()
    Batch.objects.filter(layer=layer).delete()
    Feature.objects.bulk_create(
        Feature(layer=layer, name=name, name_en=name_en, geom=geom, properties=properties)
        for name, name_en, geom, properties in wanted
    )
    tally.created += len(wanted)
    layer.columns, layer.source_crs, layer.source_encoding = [], "", ""
    layer.revision += 1
    layer.save()
