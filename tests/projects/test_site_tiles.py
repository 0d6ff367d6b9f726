"""Sites and districts as vector tiles: who finds what in them, how old they may be, how much they ask."""

import uuid

import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import LineString, Point

from gis_projects.geo.tile_matrix import tile_bbox
from layers.tiles import known
from projects import editing
from projects.models import Assignment, District, Programme, Site
from tests.conftest import Cast
from tests.factories import bring_to, make_programme, make_site, square
from tests.layers.tiles.conftest import address, get_tile, tile_path, values

AT = (123.605, 47.105)  # inside the first square


def found(client: Client, path: str) -> dict[str, dict[str, object]]:
    return {str(values(one)["id"]): values(one) for one in get_tile(client, path).get("sites", [])}


def test_a_tile_has_the_properties_of_a_site(parks: Programme, client: Client) -> None:
    site = bring_to(make_site(parks, "A"), "started")
    near = found(client, tile_path(client, "sites", 14, AT))[str(site.pk)]
    assert near["phase"] == "working"
    assert near["name"] == site.name
    assert near["has_photo"] is False
    far = found(client, tile_path(client, "sites", 8, AT))[str(site.pk)]
    assert far == {
        "id": str(site.pk),
        "programme": "parks",
        "state": "started",
        "phase": "working",
        "district": "230202",
    }


def test_each_sees_their_own(parks: Programme, client: Client, cast: Cast) -> None:
    public = make_site(parks, "P")
    draft = make_site(parks, "D", published=False, geom=square(123.611))
    east = District.objects.get(code="230203")
    other = make_site(parks, "E", published=False, geom=square(123.622), district=east)
    Assignment.objects.create(user=cast.bob, district=east)
    assert found(client, tile_path(client, "sites", 10, AT)).keys() == {str(public.pk)}
    for user, expected in (
        (cast.alice, {public, draft, other}),
        (cast.bob, {public, other}),
        (cast.charlie, {public}),
    ):
        client.force_login(user)
        path = tile_path(client, "sites", 10, AT)
        assert found(client, path).keys() == {str(site.pk) for site in expected}
        assert client.get(path)["Cache-Control"] == "private, no-store"
    stranger = Client()
    assert stranger.get(path).status_code == 410  # the public has other addresses


def test_staff_at_a_public_address_see_what_the_public_sees(
    parks: Programme, client: Client, cast: Cast
) -> None:
    make_site(parks, "P")
    path = tile_path(client, "sites", 10, AT)
    first = client.get(path).content
    make_site(parks, "D", published=False, geom=square(123.611))
    client.force_login(cast.alice)
    assert client.get(path).content == first


def test_the_public_sees_the_public_geometry(parks: Programme, client: Client, cast: Cast) -> None:
    pipes = make_programme("pipes", "LineString", precision="street")
    wells = make_programme("wells", "Point", precision="district")
    line = LineString([(123.601234, 47.101234), (123.606543, 47.109876)])
    make_site(pipes, "L", geom=line)
    make_site(wells, "W", geom=Point(123.6051, 47.1051))
    path = tile_path(client, "sites", 14, AT)
    z, x, y = (int(part) for part in path.removesuffix(".mvt").split("/")[-3:])
    [shape] = [one.shape for one in get_tile(client, path)["sites"]]
    corners = shapely.get_coordinates(shape)
    assert _away(line, corners, (z, x, y)) > 20
    client.force_login(cast.alice)
    staff = tile_path(client, "sites", 14, AT)
    shapes = {values(one)["programme"]: one.shape for one in get_tile(client, staff)["sites"]}
    assert set(shapes) == {"pipes", "wells"}
    assert _away(line, shapely.get_coordinates(shapes["pipes"]), (z, x, y)) < 2


def _away(line: LineString, corners: object, tile: tuple[int, int, int]) -> float:
    """The farthest in tile units that a corner of the drawn line is from the surveyed one."""
    from gis_projects.geo.web_mercator import to_web_mercator

    box = tile_bbox(*tile)
    [metres] = to_web_mercator(shapely.points(shapely.get_coordinates(line)).reshape(1, -1))
    units = [
        ((p.x - box.west) / box.width * 4096, (box.north - p.y) / box.height * 4096) for p in metres
    ]
    drawn = LineString(corners)
    return max(drawn.distance(Point(one)) for one in units)


def test_an_edit_makes_new_addresses_and_ends_the_old(parks: Programme, client: Client) -> None:
    site = make_site(parks, "A")
    old = tile_path(client, "sites", 12, AT)
    first = client.get(old)
    editing.update_site(site, {"published": False})
    known.forget()
    for headers in ({}, {"if-none-match": first["ETag"]}):
        response = client.get(old, headers=headers)
        assert response.status_code == 410
    assert found(client, tile_path(client, "sites", 12, AT)) == {}


def test_low_zooms_show_some_and_count_the_others_by_phase(
    parks: Programme, client: Client
) -> None:
    sites = [
        make_site(parks, f"S{at}", geom=square(123.6 + at / 500, side=0.001)) for at in range(6)
    ]
    bring_to(sites[0], "started")
    tile = get_tile(client, tile_path(client, "sites", 6, AT))
    assert len(tile["sites"]) == 1
    [cell] = map(values, tile["sites_cells"])
    assert cell == {"count": 6, "hidden": 5, "planned": 5, "working": 1}
    near = get_tile(client, tile_path(client, "sites", 12, AT))
    assert len(near["sites"]) == 6
    assert "sites_cells" not in near


def test_a_tile_asks_little_however_much_is_in_it(parks: Programme, client: Client) -> None:
    for at in range(3):
        make_site(parks, f"S{at}", geom=square(123.6 + at / 50))
    path = tile_path(client, "sites", 12, AT)
    client.get(path)  # what a process asks once is asked
    known.forget()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) == 3, [one["sql"] for one in asked]  # the revision before and after


def test_a_feature_is_the_viewer_s(parks: Programme, client: Client, cast: Cast) -> None:
    hidden = make_site(parks, "D", published=False)
    path = f"/layers/sites/features/{hidden.pk}"
    assert client.get(path).status_code == 404
    assert client.get(f"/layers/sites/features/{uuid.uuid4()}").status_code == 404
    assert client.get("/layers/sites/features/1").status_code == 404
    client.force_login(cast.alice)
    response = client.get(path)
    assert response.json()["id"] == str(hidden.pk)
    assert response["Cache-Control"] == "private, no-store"


def test_districts_are_tiles_too(parks: Programme, client: Client) -> None:
    [district] = get_tile(client, tile_path(client, "districts", 12, AT))["districts"]
    assert values(district)["code"] == "230202"
    assert values(district)["is_schematic"] is True
    assert client.get("/layers/districts/features/230202").json()["properties"]["name"] == "西区"
    assert client.get("/layers/districts/features/1").status_code == 404


@pytest.mark.parametrize("key", ["sites", "districts"])
def test_tilejson_names_every_property_that_tiles_have(
    parks: Programme, client: Client, key: str
) -> None:
    Site.objects.all().delete()
    make_site(parks, "A", name_en="A")
    document = client.get(f"/layers/{key}/tilejson.json").json()
    fields = {layer["id"]: layer["fields"] for layer in document["vector_layers"]}
    types = {str: "String", bool: "Boolean", int: "Number", float: "Number"}
    tile = get_tile(client, address(client, key).format(z=12, x=3454, y=1432))
    tile = tile or get_tile(client, tile_path(client, key, 14, AT))
    for name, features in tile.items():
        for one in features:
            found = {key: types[type(value)] for key, value in values(one).items()}
            assert found.items() <= fields[name].items()
