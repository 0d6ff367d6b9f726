"""Tiles and TileJSON of scenes and mosaics over HTTP: looks, refusals, caching."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from gis_projects.geo.tile_matrix import tile_at
from layers.models import RasterScene
from layers.raster.colours import table
from layers.raster.pool import close_all
from tests.layers.raster.scenes import LAT, LON, middle, pixels, plain, refused, scene_of, write

pytestmark = pytest.mark.django_db
RGBN = ["red", "green", "blue", "nir"]
Z = 16
X, Y = tile_at(LON, LAT, Z)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    close_all()
    return tmp_path


def address(
    scene: RasterScene, query: str = "", extension: str = "png", tile: str = f"{Z}/{X}/{Y}"
) -> str:
    return f"/scenes/{scene.pk}/tiles/{tile}.{extension}{query}"


def test_bands_are_shown_in_the_order_asked_for(client: Client) -> None:
    scene = scene_of("a", plain(10, 20, 30, 200), roles=RGBN)
    assert middle(client, address(scene)) == [10, 20, 30, 255]
    assert middle(client, address(scene, "?bands=4,3,2")) == [200, 30, 20, 255]
    assert middle(client, address(scene, "?bands=4")) == [200, 200, 200, 255]


def test_roles_say_which_bands_are_the_colours(client: Client) -> None:
    scene = scene_of("a", plain(30, 20, 10, 200), roles=["blue", "green", "red", "nir"])
    assert middle(client, address(scene)) == [10, 20, 30, 255]


def test_a_stretch_by_values_and_by_percentiles(client: Client) -> None:
    ramp = np.tile(np.linspace(1000, 2000, 512).astype(np.uint16), (512, 1))
    scene = scene_of("a", np.stack([ramp] * 3))
    assert middle(client, address(scene, "?stretch=0,3000"))[0] == pytest.approx(127, abs=12)
    assert middle(client, address(scene, "?stretch=2500,3000"))[0] == 0
    whole = middle(client, address(scene, "?stretch=p0,p100"))[0]
    assert whole == pytest.approx(127, abs=30)


def test_an_index_is_computed_from_the_roles_of_the_bands(client: Client) -> None:
    scene = scene_of("a", plain(50, 60, 70, 200), roles=RGBN)
    ndvi = (200 - 50) / (200 + 50)
    expected = table("ndvi")[int((ndvi + 0.1) * 255)]
    found = middle(client, address(scene, "?index=ndvi"))[:3]
    assert np.abs(np.array(found) - expected).max() <= 2
    grey = middle(client, address(scene, "?index=ndvi&colormap=grey&stretch=-1,1"))[0]
    assert grey == pytest.approx((ndvi + 1) / 2 * 255, abs=1)


def test_an_index_has_no_value_where_a_band_has_none(client: Client) -> None:
    bands = plain(50, 60, 70, 200)
    bands[3, :, :256] = 0
    bands[0, :, :256] = 0
    scene = scene_of("a", bands, roles=RGBN)
    picture = pixels(client.get(address(scene, "?index=ndvi&size=512")).content)
    shown = picture[..., 3]
    assert (shown == 0).any() and (shown == 255).any()


@pytest.mark.parametrize(("extension", "kind"), [("webp", "WEBP"), ("png", "PNG"), ("jpg", "JPEG")])
@pytest.mark.parametrize("size", [256, 512])
def test_each_format_and_size(client: Client, extension: str, kind: str, size: int) -> None:
    scene = scene_of("a", plain(10, 120, 30))
    response = client.get(address(scene, f"?size={size}", extension))
    picture = Image.open(io.BytesIO(response.content))
    assert (picture.format, picture.size) == (kind, (size, size))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("bands=1,2", "bands"),
        ("bands=0", "bands"),
        ("bands=a,b,c", "bands"),
        ("bands=9", "bands"),
        ("bands=1,2,99", "bands"),
        ("bands=²", "bands"),
        ("bands=1,2,3&colormap=grey", "colormap"),
        ("colormap=viridis", "colormap"),
        ("bands=1&colormap=rainbow", "colormap"),
        ("index=evi", "index"),
        ("index=ndvi", "index"),
        ("bands=1&index=ndvi", "index"),
        ("stretch=5", "stretch"),
        ("stretch=9,1", "stretch"),
        ("stretch=nan,1", "stretch"),
        ("stretch=p0,p101", "stretch"),
        ("stretch=1e300,inf", "stretch"),
        ("stretch=p,p", "stretch"),
        ("size=300", "size"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_by_name(
    client: Client, query: str, parameter: str
) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    body = refused(client, address(scene, f"?{query}"), 400, "parameter-invalid")
    assert body["parameter"] == parameter


def test_an_unknown_parameter_is_refused(client: Client) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    refused(client, address(scene, "?expression=b1"), 400, "parameter-unknown")


@pytest.mark.parametrize("tile", ["3/8/0", "3/0/8", "25/0/0", "999999999999/0/0", "2/-1/0"])
def test_a_tile_outside_the_matrix_is_not_found(client: Client, tile: str) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    refused(client, address(scene, tile=tile), 404, "not-found")


def test_unknown_and_unseen_scenes_are_the_same(client: Client) -> None:
    hidden = scene_of("a", plain(1, 2, 3), published=False)
    answers = []
    for key in (hidden.pk, "3f0e4d2c-8c55-4a35-9a3c-2302002022ab"):
        for path in (
            f"/scenes/{key}/tiles/{Z}/{X}/{Y}.png",
            f"/scenes/{key}/tiles.json",
            f"/scenes/{key}/preview.webp",
        ):
            body = refused(client, path, 404, "not-found")
            answers.append((body["title"], body["detail"]))
    assert len(set(answers)) == 1
    client.force_login(User.objects.create_user("staff", role="planner"))
    assert client.get(address(hidden)).status_code == 200


def test_a_missing_file_is_told(client: Client, media: Path) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    (media / scene.file).unlink()
    for path in (
        address(scene),
        f"/scenes/{scene.pk}/tiles.json",
        f"/scenes/{scene.pk}/preview.webp",
    ):
        refused(client, path, 422, "scene-unreadable")


def test_a_truncated_file_is_told_and_gives_no_half_tile(client: Client, media: Path) -> None:
    rng = np.random.default_rng(3)
    scene = scene_of("a", rng.integers(0, 255, (3, 1024, 1024)).astype(np.uint8))
    path = media / scene.file
    path.write_bytes(path.read_bytes()[:1_500_000])
    tiles = [f"17/{2 * X + i}/{2 * Y + j}" for i in (0, 1) for j in (0, 1)]
    answers = {tile: client.get(address(scene, tile=tile)).status_code for tile in tiles}
    damaged = [tile for tile, status in answers.items() if status == 422]
    assert damaged and set(answers.values()) <= {200, 204, 422}
    for tile in damaged:
        refused(client, address(scene, tile=tile), 422, "scene-unreadable")


@pytest.mark.parametrize("content", [b"", b"II*\0", b"<VRTDataset/>", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_geotiff_is_told(client: Client, media: Path, content: bytes) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    (media / scene.file).write_bytes(content)
    refused(client, address(scene), 422, "scene-unreadable")


def test_a_scene_without_georeference_is_told(client: Client, media: Path) -> None:
    import rasterio

    scene = scene_of("a", plain(1, 2, 3))
    with rasterio.open(
        media / scene.file, "w", driver="GTiff", width=9, height=9, count=3, dtype="uint8"
    ) as made:
        made.write(plain(1, 2, 3, side=9))
    body = refused(client, address(scene), 422, "scene-unreadable")
    assert "地" in body["detail"]


def test_an_answer_is_not_sent_twice_and_a_replaced_file_is(client: Client, media: Path) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    etag = client.get(address(scene))["ETag"]
    assert client.get(address(scene), headers={"If-None-Match": etag}).status_code == 304
    assert (
        client.get(address(scene, "?bands=1"), headers={"If-None-Match": etag}).status_code == 200
    )
    write(media / scene.file, plain(9, 9, 9))
    assert client.get(address(scene), headers={"If-None-Match": etag}).status_code == 200


def test_the_address_with_the_revision_is_immutable_for_as_long_as_anything_may_be_kept(
    client: Client,
) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    template = client.get(f"/scenes/{scene.pk}/tiles.json?format=png").json()["tiles"][0]
    path = template.removeprefix("http://testserver").format(z=Z, x=X, y=Y)
    assert client.get(path)["Cache-Control"] == "public, max-age=60, immutable"
    assert client.get(path + "0")["Cache-Control"] == "public, max-age=60"
    assert client.get(address(scene))["Cache-Control"] == "public, max-age=60"
    client.force_login(User.objects.create_user("staff", role="planner"))
    assert client.get(path)["Cache-Control"] == "private, no-cache"


def test_tilejson_says_where_and_how(client: Client) -> None:
    scene = scene_of("a", plain(50, 60, 70, 200), roles=RGBN)
    document = client.get(f"/scenes/{scene.pk}/tiles.json?index=ndvi&size=512").json()
    assert document["tilejson"] == "3.0.0"
    assert document["bounds"][0] < LON < document["bounds"][2]
    assert 0 < document["minzoom"] < document["maxzoom"] <= 24
    legend = document["legend"]
    assert [legend[0]["value"], legend[-1]["value"]] == [-0.1, 0.9]
    assert legend[-1]["color"] == "#004529"
    template = document["tiles"][0].removeprefix("http://testserver")
    assert "index=ndvi" in template and "size=512" in template
    assert client.get(template.format(z=Z, x=X, y=Y)).status_code == 200
    refused(client, f"/scenes/{scene.pk}/tiles.json?format=gif", 404, "not-found")


def test_a_tile_costs_one_query(client: Client, django_assert_num_queries: Any) -> None:
    scene = scene_of("a", plain(1, 2, 3))
    with django_assert_num_queries(1):
        client.get(address(scene))
