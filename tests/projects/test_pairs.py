"""A site's pair of scenes: who sees it, over which ground, and what it says of the vegetation."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image
from shapely.geometry import box

from accounts.models import Role, User
from gis_projects.geo.tile_matrix import tile_at
from layers.models import RasterScene
from layers.raster.pool import close_all
from projects.models import Programme, ScenePair, Site
from tests.factories import make_site
from tests.layers.raster.scenes import LAT, LON, plain, refused, scene_of

pytestmark = pytest.mark.django_db
ROLES = ["red", "green", "blue", "nir"]
PLOT = box(LON - 0.002, LAT - 0.0015, LON + 0.002, LAT + 0.0015)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    close_all()
    return tmp_path


@pytest.fixture
def site(parks: Programme) -> Site:
    return make_site(parks, geom=PLOT)


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(User.objects.create_user("planner", role=Role.PLANNER))
    return client


def pair(site: Site, **row: Any) -> ScenePair:
    """NDVI 0 before and 0.6 after."""
    before = scene_of("before", plain(100, 90, 80, 100), roles=ROLES, **row)
    after = scene_of("after", plain(50, 90, 80, 200), roles=ROLES, acquired_on="2025-08-10", **row)
    return ScenePair.objects.create(site=site, before=before, after=after)


def test_the_three_pictures_are_over_one_ground(client: Client, site: Site) -> None:
    pair(site)
    pictures = {}
    for what in ("before", "after", "change"):
        response = client.get(f"/sites/{site.pk}/pair/{what}.png?size=400")
        assert response.status_code == 200, response.content
        pictures[what] = Image.open(io.BytesIO(response.content)).convert("RGBA")
    assert {picture.size for picture in pictures.values()} == {pictures["before"].size}
    assert max(pictures["before"].size) == 400
    middle = (200, pictures["before"].size[1] // 2)
    assert pictures["before"].getpixel(middle) == (100, 90, 80, 255)
    assert pictures["after"].getpixel(middle) == (50, 90, 80, 255)
    assert pictures["change"].getpixel(middle) == (0, 60, 48, 255)


@pytest.mark.parametrize(("extension", "kind"), [("webp", "WEBP"), ("png", "PNG"), ("jpg", "JPEG")])
def test_in_each_format(client: Client, site: Site, extension: str, kind: str) -> None:
    pair(site)
    content = client.get(f"/sites/{site.pk}/pair/change.{extension}").content
    assert Image.open(io.BytesIO(content)).format == kind


def test_the_change_as_tiles(client: Client, site: Site) -> None:
    pair(site)
    x, y = tile_at(LON, LAT, 16)
    response = client.get(f"/sites/{site.pk}/pair/change/16/{x}/{y}.png")
    assert response.status_code == 200
    etag = {"If-None-Match": response["ETag"]}
    assert (
        client.get(f"/sites/{site.pk}/pair/change/16/{x}/{y}.png", headers=etag).status_code == 304
    )
    assert client.get(f"/sites/{site.pk}/pair/change/16/0/0.png").status_code == 204
    refused(client, f"/sites/{site.pk}/pair/change/16/0/70000.png", 404, "not-found")


def test_the_change_as_numbers(client: Client, site: Site) -> None:
    pair(site)
    body = client.get(f"/sites/{site.pk}/pair/change.json").json()
    assert body["before"]["mean"] == pytest.approx(0, abs=1e-6)
    assert body["after"]["mean"] == pytest.approx(0.6, abs=1e-6)
    assert body["gained_share"] == pytest.approx(1)
    assert body["before_on"] == "2025-06-10"
    assert body["change"]["area_m2"] > 0


def test_the_public_page_shows_it_as_evidence(client: Client, site: Site) -> None:
    pair(site, is_simulated=True)
    content = client.get(f"/sites/{site.pk}/").content.decode()
    assert "植被变化" in content and "+0.60" in content
    assert "演示" in content.split("植被变化")[1][:200]
    assert f"/sites/{site.pk}/pair/change.webp" in content


def test_a_real_scene_is_not_called_simulated(client: Client, site: Site) -> None:
    pair(site)
    content = client.get(f"/sites/{site.pk}/").content.decode()
    assert "模拟" not in content.split("植被变化")[1].split("</section>")[0]


def test_scenes_without_near_infrared_are_refused_with_a_sentence(
    client: Client, site: Site
) -> None:
    pair(site)
    RasterScene.objects.update(band_roles=None)
    assert "植被变化" not in client.get(f"/sites/{site.pk}/").content.decode()
    body = refused(client, f"/sites/{site.pk}/pair/change.json", 422, "vegetation-unknown")
    assert "近红外" in body["detail"]
    refused(client, f"/sites/{site.pk}/pair/change.png", 422, "vegetation-unknown")
    assert client.get(f"/sites/{site.pk}/pair/before.png").status_code == 200


def test_the_planner_is_told_why_there_are_no_figures(planner: Client, site: Site) -> None:
    pair(site)
    RasterScene.objects.filter(key="after").update(band_roles=None)
    content = planner.get(f"/planner/sites/{site.pk}/").content.decode()
    assert "尚不知道影像中哪些波段是红光和近红外" in content
    assert f"/sites/{site.pk}/pair/before.webp" in content


def test_scenes_elsewhere_are_refused_with_a_sentence(planner: Client, parks: Programme) -> None:
    away = make_site(parks, geom=box(LON + 1, LAT, LON + 1.01, LAT + 0.01))
    pair(away)
    body = refused(planner, f"/sites/{away.pk}/pair/change.json", 422, "vegetation-unknown")
    assert "没有共同" in body["detail"]
    refused(planner, f"/sites/{away.pk}/pair/before.png", 404, "not-found")
    assert "没有共同" in planner.get(f"/planner/sites/{away.pk}/").content.decode()


def test_a_missing_file_is_told_and_the_pages_stay_up(
    planner: Client, site: Site, media: Path
) -> None:
    found = pair(site)
    assert found.after is not None
    (media / found.after.file).unlink()
    refused(planner, f"/sites/{site.pk}/pair/after.png", 422, "scene-unreadable")
    refused(planner, f"/sites/{site.pk}/pair/change.json", 422, "scene-unreadable")
    for path in (f"/planner/sites/{site.pk}/", f"/sites/{site.pk}/"):
        assert planner.get(path).status_code == 200
    assert Client().get(f"/sites/{site.pk}/").status_code == 200


def test_no_pair_and_an_unseen_one_are_the_same(client: Client, site: Site) -> None:
    path = f"/sites/{site.pk}/pair/before.png"
    nothing = refused(client, path, 404, "not-found")
    pair(site, published=False)
    assert refused(client, path, 404, "not-found") == nothing
    refused(client, f"/sites/{site.pk}/pair/change.json", 404, "not-found")
    refused(client, f"/sites/{site.pk}/pair/sideways.png", 404, "not-found")


def test_the_public_measures_inside_the_public_geometry(client: Client, site: Site) -> None:
    """What it is told does not depend on what it may not know."""
    pair(site)
    Site.objects.filter(pk=site.pk).update(public_geom=None)
    refused(client, f"/sites/{site.pk}/pair/before.png", 404, "not-found")
    assert "植被变化" not in client.get(f"/sites/{site.pk}/").content.decode()
    client.force_login(User.objects.create_user("planner", role=Role.PLANNER))
    assert client.get(f"/sites/{site.pk}/pair/before.png").status_code == 200


def test_what_was_computed_is_kept_until_a_file_changes(
    client: Client, site: Site, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projects.pairs import showing
    from tests.layers.raster.scenes import write

    found = pair(site)
    calls: list[Any] = []
    usual = showing.difference
    monkeypatch.setattr(showing, "difference", lambda *a: calls.append(a) or usual(*a))
    path = f"/sites/{site.pk}/pair/change.json"
    first = client.get(path).json()
    assert client.get(path).json() == first and len(calls) == 1
    assert found.after is not None
    write(media / found.after.file, plain(90, 90, 90, 90))
    assert client.get(path).json()["after"]["mean"] == pytest.approx(0, abs=1e-6)
    assert np.isfinite(first["change"]["std"])
