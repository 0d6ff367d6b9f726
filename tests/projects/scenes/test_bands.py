"""A planner says which band is which."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Role, User
from layers.models import RasterScene
from layers.raster.pool import close_all
from tests.layers.raster.scenes import plain, scene_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any, city: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    close_all()
    return tmp_path


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(User.objects.create_user("planner", role=Role.PLANNER))
    return client


def save(client: Client, scene: RasterScene, roles: str) -> Any:
    values = {"name": "a", "acquired_on": "2025-06-10", "sensor": "", "published": "on"}
    return client.post(f"/planner/scenes/{scene.pk}/", values | {"band_roles": roles})


def test_what_is_said_is_kept_and_recorded_and_can_be_taken_back(planner: Client) -> None:
    scene = scene_of("a", plain(50, 60, 70, 200))
    content = planner.get(f"/planner/scenes/{scene.pk}/").content.decode()
    assert "4 近红外" in content and "5 近红外" not in content
    assert save(planner, scene, "blue,green,red,nir").status_code == 302
    scene.refresh_from_db()
    assert scene.band_roles == ["blue", "green", "red", "nir"]
    assert (
        'value="blue,green,red,nir" selected'
        in planner.get(f"/planner/scenes/{scene.pk}/").content.decode()
    )
    assert AuditEntry.objects.filter(changes__contains="band_roles").exists()
    assert save(planner, scene, "").status_code == 302
    scene.refresh_from_db()
    assert scene.band_roles is None


def test_an_order_that_is_not_offered_is_refused(planner: Client) -> None:
    scene = scene_of("a", plain(50, 60, 70, 200))
    for roles in ("nir,nir,nir,nir", "red,green,blue", "x"):
        assert save(planner, scene, roles).status_code == 422
    scene.refresh_from_db()
    assert scene.band_roles is None


def test_one_band_or_a_missing_file_asks_nothing(planner: Client, media: Path) -> None:
    scene = scene_of("a", plain(7))
    assert "band_roles" not in planner.get(f"/planner/scenes/{scene.pk}/").content.decode()
    (media / scene.file).unlink()
    assert planner.get(f"/planner/scenes/{scene.pk}/").status_code == 200


def test_an_order_said_elsewhere_is_kept(planner: Client) -> None:
    roles = ["nir", "other", "red"]
    scene = scene_of("a", plain(1, 2, 3), roles=roles)
    assert save(planner, scene, "nir,other,red").status_code == 302
    scene.refresh_from_db()
    assert scene.band_roles == roles
