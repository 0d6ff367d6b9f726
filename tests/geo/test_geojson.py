"""GeoJSON as RFC 7946 has it."""

import json

from shapely import from_wkt
from shapely.geometry import Point, Polygon, shape

from gis_projects.geo import geojson


def test_it_rounds_to_seven_decimals_and_drops_heights() -> None:
    found = geojson.geometry(Point(123.123456789, 47.987654321, 5))
    assert found == {"type": "Point", "coordinates": [123.1234568, 47.9876543]}


def test_it_winds_rings_by_the_right_hand_rule() -> None:
    clockwise = Polygon([(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    found = shape(geojson.geometry(clockwise))
    assert found.exterior.is_ccw
    assert not found.interiors[0].is_ccw


def test_it_gives_null_for_nothing() -> None:
    assert geojson.geometry(None) is None
    assert geojson.geometry(Point()) is None


def test_it_keeps_every_type_through_json() -> None:
    for wkt in [
        "MULTIPOINT ((1 2), (3 4))",
        "LINESTRING (0 0, 1 1)",
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
    ]:
        text = json.dumps(geojson.geometry(from_wkt(wkt)))
        assert shape(json.loads(text)).equals(from_wkt(wkt))


def test_it_builds_features_and_collections() -> None:
    one = geojson.feature(Point(1, 2), {"name": "演示"}, id="a")
    assert one["id"] == "a"
    assert "id" not in geojson.feature(None)
    whole = geojson.feature_collection([one], bbox=(1, 2, 3, 4))
    assert whole["bbox"] == [1, 2, 3, 4]
    assert whole["features"][0]["properties"] == {"name": "演示"}
