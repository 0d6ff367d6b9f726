"""city.yaml, and the districts and layers that it names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gis_projects.geo.bbox import BBox, BBoxInvalid
from layers.models import Feature, Layer
from layers.styles.document import mistakes as style_mistakes
from projects.city.geojson_file import FileFeature, read_features
from projects.city.mistakes import Mistakes
from projects.city.record import Record
from projects.city.specs import CitySpec, DistrictSpec, LayerFeature, LayerSpec, Spot
from projects.city.yaml_nodes import plain, within
from projects.models import City, District

# The domain serves these two at the same addresses as layers are served.
RESERVED_LAYER_KEYS = frozenset({"sites", "districts"})


def read_city(top: Record) -> CitySpec | None:
    """The city itself; None when its extent is wrong, without which nothing else can be checked."""
    key, code = top.key(), top.text("code", City)
    name, name_en = top.text("name", City), top.text("name_en", City)
    is_demonstration = top.flag("is_demonstration")
    attribution = top.text("attribution", City, required=False)
    attribution_en = top.text("attribution_en", City, required=False)
    approval = top.text("map_approval_number", City, required=False)
    _check_time_zone(top)
    bbox = _bbox(top)
    if bbox is None:
        return None
    return CitySpec(
        spot=Spot(top.file, top.line, "key"),
        key=key,
        code=code,
        name=name,
        name_en=name_en,
        bbox=bbox,
        is_demonstration=is_demonstration,
        attribution=attribution,
        attribution_en=attribution_en,
        map_approval_number=approval,
    )


def _check_time_zone(top: Record) -> None:
    """Dates are those of the installation's zone: a city that says another one would be shown wrong days."""
    zone = top.text("time_zone", required=False)
    if zone and zone != settings.TIME_ZONE:
        words = {"zone": zone, "own": settings.TIME_ZONE}
        top.refuse(
            "time_zone", _("“%(zone)s” is not the installation's TIME_ZONE, %(own)s.") % words
        )


def _bbox(top: Record) -> BBox | None:
    numbers = top.numbers("bbox", 4)
    if not numbers:
        return None
    west, south, east, north = numbers
    try:
        bbox = BBox(west, south, east, north)
    except BBoxInvalid as error:
        top.refuse(
            "bbox", _("This is no extent west, south, east, north: %(reason)s.") % {"reason": error}
        )
        return None
    if not (bbox.width > 0 and bbox.height > 0):
        top.refuse("bbox", _("The extent has no width or no height."))
        return None
    return bbox


def read_districts(folder: Path, top: Record, bbox: BBox | None) -> list[DistrictSpec]:
    """The county-level units, in the order of their file."""
    record = top.mapping("districts")
    if not record.values:
        return []
    name = record.text("file")
    is_schematic = record.flag("is_schematic", default=True)
    record.close()
    if not name:
        return []
    features = read_features(folder, name, top.mistakes, bbox=bbox, kinds=("Polygon",))
    seen: set[str] = set()
    found = (
        _district(feature, order, name, is_schematic, seen, top.mistakes)
        for order, feature in enumerate(features)
    )
    return [district for district in found if district is not None]


def _district(
    feature: FileFeature,
    order: int,
    file: str,
    is_schematic: bool,
    seen: set[str],
    mistakes: Mistakes,
) -> DistrictSpec | None:
    texts = _Properties(feature, file, mistakes)
    code = texts.text("code", District, required=True)
    name = texts.text("name", District, required=True)
    if not code or not name:
        return None
    if code in seen:
        texts.refuse("code", _("“%(key)s” is given twice.") % {"key": code})
    seen.add(code)
    return DistrictSpec(
        code=code,
        name=name,
        name_en=texts.text("name_en", District),
        pinyin=texts.text("pinyin", District),
        kind=texts.text("kind", District),
        geom=feature.geometry,
        is_schematic=is_schematic,
        order=order,
    )


def read_layers(folder: Path, top: Record, bbox: BBox | None) -> list[LayerSpec]:
    found: list[LayerSpec] = []
    for order, record in enumerate(top.records("layers", required=False)):
        layer = _layer(folder, record, order, bbox)
        if layer.key in {other.key for other in found}:
            record.refuse("key", _("“%(key)s” is given twice.") % {"key": layer.key})
        found.append(layer)
    return found


def _layer(folder: Path, record: Record, order: int, bbox: BBox | None) -> LayerSpec:
    key = record.key()
    if key in RESERVED_LAYER_KEYS:
        record.refuse("key", _("“%(key)s” is taken by the system itself.") % {"key": key})
    layer = LayerSpec(
        key=key,
        name=record.text("name", Layer),
        name_en=record.text("name_en", Layer, required=False),
        group=record.text("group", Layer, required=False),
        group_en=record.text("group_en", Layer, required=False),
        attribution=record.text("attribution", Layer, required=False),
        is_schematic=record.flag("is_schematic"),
        published=record.flag("published"),
        style=_style(record),
        order=order,
        features=tuple(_layer_features(folder, record, bbox)),
    )
    record.close()
    return layer


def _style(record: Record) -> dict[str, Any]:
    """A style of docs/styles.md; each mistake has the line of its place in the file."""
    node = record.mapping("style", required=False).node
    if not node.value:
        return {}
    style = plain(node)
    for at, sentence in style_mistakes(style):
        found, path = node, "style"
        for step in at.split("/")[1:]:
            inside = within(found, step.replace("~1", "/").replace("~0", "~"))
            path += f"[{step}]" if isinstance(found.value, list) else f".{step}"
            found = inside or found
        record.mistakes.add(record.file, found.line, record.field(path), sentence)
    return dict(style)


def _layer_features(folder: Path, record: Record, bbox: BBox | None) -> Iterator[LayerFeature]:
    file = record.text("file")
    if not file:
        return
    for feature in read_features(folder, file, record.mistakes, bbox=bbox):
        if feature.geometry is None:
            continue  # refused already, or null: a layer has nothing to draw for it
        texts = _Properties(feature, file, record.mistakes)
        rest = {
            key: value
            for key, value in feature.properties.items()
            if key not in {"name", "name_en"}
        }
        yield LayerFeature(
            texts.text("name", Feature), texts.text("name_en", Feature), feature.geometry, rest
        )


class _Properties:
    """A feature's properties as texts. Unknown ones are let be: programs that write GeoJSON add their own."""

    def __init__(self, feature: FileFeature, file: str, mistakes: Mistakes) -> None:
        self.feature = feature
        self.file = file
        self.mistakes = mistakes

    def text(
        self, name: str, of: type[City | District | Layer | Feature], *, required: bool = False
    ) -> str:
        value = self.feature.properties.get(name)
        if value is None or value == "":
            if required:
                self.refuse(name, _("This is missing."))
            return ""
        text = str(value).strip()
        most = of._meta.get_field(name).max_length  # type: ignore[union-attr]
        if most is not None and len(text) > most:
            self.refuse(
                name, _("The text is too long; at most %(limit)s characters.") % {"limit": most}
            )
        return text

    def refuse(self, name: str, sentence: str) -> None:
        field = f"features[{self.feature.number}].properties.{name}"
        self.mistakes.add(self.file, self.feature.line, field, sentence)
