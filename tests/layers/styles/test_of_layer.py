"""What a layer is drawn in, and what the former styles became."""

import importlib

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError

from layers.models import Feature, Layer
from layers.styles.document import mistakes
from layers.styles.of_layer import count_of, kinds_of, style_of

POINT, LINE = "POINT (123.9 47.3)", "MULTILINESTRING ((123.9 47.3, 124 47.4))"


@pytest.fixture
def layer(db: None) -> Layer:
    layer = Layer.objects.create(key="plots", name="地块")
    for wkt in (POINT, LINE):
        Feature.objects.create(layer=layer, geom=GEOSGeometry(wkt, srid=4326))
    Feature.objects.create(layer=layer, geom=None)
    return layer


def test_a_layer_without_a_style_is_drawn_by_its_geometry(layer: Layer) -> None:
    assert kinds_of(layer) == ("line", "circle")
    style = style_of(layer)
    assert [one["type"] for one in style["layers"]] == ["line", "circle", "symbol"]
    assert mistakes(style) == []


def test_what_was_counted_is_kept_until_the_layer_changes(layer: Layer) -> None:
    assert (count_of(layer), kinds_of(layer)) == (3, ("line", "circle"))
    Feature.objects.create(
        layer=layer, geom=GEOSGeometry("POLYGON ((0 0, 1 0, 1 1, 0 0))", srid=4326)
    )
    assert (count_of(layer), kinds_of(layer)) == (3, ("line", "circle"))
    layer.revision += 1
    assert (count_of(layer), kinds_of(layer)) == (4, ("fill", "line", "circle"))


def test_its_own_style_comes_first(layer: Layer) -> None:
    layer.style = {"layers": [{"type": "line"}]}
    assert style_of(layer) == layer.style


def test_the_administration_refuses_what_is_no_style(layer: Layer) -> None:
    layer.clean()
    layer.style = {"layers": [{"type": "star"}]}
    with pytest.raises(ValidationError, match="/layers/0/type"):
        layer.clean()


@pytest.mark.parametrize(
    ("old", "types"),
    [
        ({"color": "#7fb4d8", "weight": 4}, ["line", "symbol"]),
        ({"color": "#555555", "min_zoom": 10}, ["circle", "symbol"]),
    ],
)
def test_former_styles_became_right_ones(old: dict[str, object], types: list[str]) -> None:
    style = importlib.import_module("layers.migrations.0007_styles").document(old)
    assert mistakes(style) == []
    assert [one["type"] for one in style["layers"]] == types
    assert style["layers"][0].get("minzoom") == old.get("min_zoom")
