"""The planner's pages of imagery: sent, converted by the worker, changed, removed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from layers.importing.archive import Part
from layers.models import RasterScene
from projects.models import Assignment, District, SceneJob, ScenePair, Site
from tests.conftest import Cast
from tests.projects.scenes.conftest import Bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def send(client: Client, data: bytes, name: str = "现状.tif", **values: Any) -> Any:
    usual = {"name": "航片", "acquired_on": "2022-05-01", "sensor": "", "crs": ""}
    sent = {**usual, **values, "parts": SimpleUploadedFile(name, data)}
    return client.post("/planner/scenes/new/", sent, follow=True)


def test_a_picture_goes_from_the_form_to_the_map(
    planner: Client, picture: Callable[..., list[Part]], site: Site, settings: Any
) -> None:
    beside = {"programme": site.programme_id, "code": site.code, "role": "before"}
    answer = send(planner, picture()[0].path.read_bytes(), published="on", **beside)
    scene = RasterScene.objects.get()
    assert answer.request["PATH_INFO"] == f"/planner/scenes/{scene.pk}/"
    assert site.code in answer.content.decode()
    assert ScenePair.objects.get(site=site).before == scene
    assert not list((Path(settings.VAR_DIR) / "uploads").glob("scene-*"))
    assert scene.name in planner.get("/planner/scenes/").content.decode()


def test_a_refusal_is_a_sentence_and_stores_nothing(planner: Client, site: Site) -> None:
    answer = send(planner, b"<svg onload=alert(1)>", "<b>x</b>.tif")
    content = answer.content.decode()
    assert "影像" in content
    assert "<svg" not in content
    assert "<b>x" not in content
    assert not RasterScene.objects.exists()
    assert SceneJob.objects.get().state == "failed"


@pytest.mark.parametrize("values", [{"code": "A-1"}, {"role": "after"}, {"acquired_on": "x"}])
def test_what_is_not_said_whole_is_asked_for(planner: Client, values: dict[str, str]) -> None:
    assert send(planner, b"x", **values).status_code == 422
    assert not SceneJob.objects.exists()


def test_a_scene_is_changed_and_removed(planner: Client, bring: Bring) -> None:
    scene = bring().scene
    path = f"/planner/scenes/{scene.pk}/"
    values = {"name": "新名", "acquired_on": "2023-01-02", "sensor": "GF-2", "published": "on"}
    assert planner.post(path, values).status_code == 302
    scene.refresh_from_db()
    assert (scene.name, scene.sensor, scene.published) == ("新名", "GF-2", True)
    assert planner.post(f"{path}remove/").status_code == 302
    assert not RasterScene.objects.exists()


def test_scenes_of_foreign_sites_are_not_there(cast: Cast, bring: Bring, site: Site) -> None:
    scene = bring("before").scene
    elsewhere = User.objects.create_user("eve", password="eve-password", role="planner")
    Assignment.objects.create(user=elsewhere, district=District.objects.last())
    client = Client()
    client.force_login(elsewhere)
    for path in (f"/planner/scenes/{scene.pk}/", f"/scenes/{scene.pk}/preview.webp"):
        # The site itself is public, so what shows it may be looked at, but not changed.
        expected = 404 if "planner" in path else 200
        assert client.get(path).status_code == expected
    assert client.post(f"/planner/scenes/{scene.pk}/remove/").status_code == 404
    assert RasterScene.objects.filter(pk=scene.pk).exists()


def test_a_job_is_its_owner_s(planner: Client, cast: Cast, site: Site) -> None:
    send(planner, b"nothing")
    job = SceneJob.objects.get()
    other = Client()
    other.force_login(cast.dora)
    assert other.get(f"/planner/scenes/jobs/{job.pk}/").status_code == 404
    told = planner.get(f"/planner/scenes/jobs/{job.pk}/progress/").json()
    assert told == {"working": False, "percent": 100, "phase": "失败", "done": 0}
