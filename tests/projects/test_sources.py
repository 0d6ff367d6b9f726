"""Vector data for the maps: filters, bbox, caching, refusals, and a number of queries that does not grow."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.models import Feature, Layer
from projects import editing
from projects.models import Programme, Site
from tests.factories import bring_to, make_site, square

ITEMS = "/layers/sites/items.geojson"


@pytest.fixture
def three(parks: Programme, wells: Programme) -> list[Site]:
    return [
        make_site(parks, "A", name="演示·龙沙公园"),
        bring_to(make_site(parks, "B", geom=square(124.2)), "started"),
        make_site(wells, "W"),
    ]


def codes(client: Client, query: str = "") -> list[str]:
    response = client.get(ITEMS + query)
    assert response.status_code == 200
    return [feature["properties"]["code"] for feature in response.json()["features"]]


def test_it_is_geojson_with_what_the_map_needs(three: list[Site], client: Client) -> None:
    response = client.get(ITEMS)
    assert response["Content-Type"] == "application/geo+json"
    features = {feature["properties"]["code"]: feature for feature in response.json()["features"]}
    park = features["A"]
    assert park["id"] == str(three[0].pk)
    assert park["geometry"]["type"] == "Polygon"
    assert park["geometry"]["coordinates"][0][0] == [123.61, 47.1]
    assert park["properties"]["phase"] == "planned"
    assert features["W"]["geometry"] is None  # counted, but its place is not public


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?programme=wells", ["W"]),
        ("?programme=wells,parks&phase=planned", ["A", "W"]),
        ("?phase=working", ["B"]),
        ("?q=lsgy", ["A"]),
        ("?q=龙沙", ["A"]),
        ("?bbox=123.5,47,124,47.5", ["A"]),
        ("?bbox=10,10,11,11", []),
        ("?district=230203", []),
    ],
)
def test_it_narrows(three: list[Site], client: Client, query: str, expected: list[str]) -> None:
    assert sorted(codes(client, query)) == expected


@pytest.mark.parametrize(
    "query",
    ["?colour=red", "?phase=finished", "?bbox=1,2,3", "?bbox=a,b,c,d", "?target=none", "?stage=x"],
)
def test_it_refuses_what_it_does_not_know(three: list[Site], client: Client, query: str) -> None:
    response = client.get(ITEMS + query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] in {"/problems/parameter-invalid", "/problems/parameter-unknown"}
    assert body["parameter"] == query[1:].partition("=")[0]


def test_an_unchanged_answer_is_not_sent_twice(three: list[Site], client: Client) -> None:
    first = client.get(ITEMS)
    headers = {"if-none-match": first["ETag"]}
    assert client.get(ITEMS, headers=headers).status_code == 304
    assert client.get(ITEMS + "?phase=working", headers=headers).status_code == 200
    editing.update_site(three[0], {"progress": 50})
    assert client.get(ITEMS, headers=headers).status_code == 200


def test_the_number_of_queries_does_not_grow(three: list[Site], client: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        client.get(ITEMS)
    for number in range(8):
        make_site(three[0].programme, f"N-{number}", geom=square(123.7 + number / 50))
    with CaptureQueriesContext(connection) as many:
        client.get(ITEMS)
    assert len(few) == len(many) == 2


def test_a_reference_layer_is_a_source_too(city: object, client: Client) -> None:
    layer = Layer.objects.create(key="towns", name="乡镇", published=True)
    shape = editing.to_geos(square().centroid)
    Feature.objects.create(layer=layer, name="甲镇", geom=shape, properties={"kind": "镇"})
    [feature] = client.get("/layers/towns/items.geojson").json()["features"]
    assert feature["properties"] == {"kind": "镇", "name": "甲镇", "name_en": ""}
    assert client.get("/layers/nowhere/items.geojson").status_code == 404


def test_districts_say_that_their_borders_are_schematic(city: object, client: Client) -> None:
    features = client.get("/layers/districts/items.geojson").json()["features"]
    assert {feature["id"] for feature in features} == {"230202", "230203"}
    assert all(feature["properties"]["is_schematic"] for feature in features)


def test_what_contains_the_whole_bbox_is_in_it(parks: Programme, client: Client) -> None:
    make_site(parks, "A", geom=square(123.6, 47.1, side=0.05))
    assert codes(client, "?bbox=123.61,47.11,123.62,47.12") == ["A"]
    inside = client.get("/layers/districts/items.geojson?bbox=123.61,47.11,123.62,47.12").json()
    assert [feature["id"] for feature in inside["features"]] == ["230202"]


def test_two_sources_cannot_share_a_key(city: object) -> None:
    from layers import sources
    from layers.sources import LayerSource

    with pytest.raises(ValueError, match="sites"):
        sources.register("sites", LayerSource(Layer(key="sites")))
