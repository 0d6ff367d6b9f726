"""The planner's pages of imagery: sent, looked at, described, converted by the worker, changed, removed."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from layers.importing.archive import Part
from layers.models import RasterScene
from projects.importing import work
from projects.importing.folder import SILENT_S, JobFolder
from projects.models import Assignment, District, ImportJob, JobKind, JobState, ScenePair, Site
from tests.conftest import Cast
from tests.layers.importing.samples import zipped
from tests.layers.raster.pictures import GRID, WKT
from tests.projects.scenes.conftest import OVER_SITE, Bring

Picture = Callable[..., list[Part]]
pytestmark = pytest.mark.django_db
WORDS = {"name": "航片", "acquired_on": "2022-05-01", "sensor": "GF-2"}


@pytest.fixture
def planner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def send(client: Client, *files: Path | tuple[str, bytes], door: str = "scenes") -> ImportJob:
    """Through the plain form; the job that came of it, looked at already."""
    named = [(one.name, one.read_bytes()) if isinstance(one, Path) else one for one in files]
    parts = [SimpleUploadedFile(name, data) for name, data in named]
    answer = client.post(f"/planner/{door}/new/", {"parts": parts})
    assert answer.status_code == 302, answer.content.decode()
    return ImportJob.objects.get(pk=answer["Location"].split("/")[-2])


def do(client: Client, job: ImportJob, verb: str, **data: Any) -> Any:
    answer = client.post(f"/planner/import/{job.pk}/{verb}/", data)
    job.refresh_from_db()
    return answer


def page(client: Client, job: ImportJob) -> str:
    return str(client.get(f"/planner/import/{job.pk}/").content.decode())


def views(client: Client, job: ImportJob) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/planner/import/{job.pk}/preview/").json()["views"]
    return found


@pytest.fixture
def sent(picture: Picture) -> tuple[str, bytes]:
    return "现状_20220501.tif", picture()[0].path.read_bytes()


def test_a_picture_goes_from_the_door_to_its_site(
    planner: Client, sent: tuple[str, bytes], site: Site
) -> None:
    job = send(planner, sent)
    assert (job.kind, job.state) == (JobKind.SCENE, JobState.READY)
    looked = page(planner, job)
    assert not RasterScene.objects.exists()
    assert "400 × 300" in looked and "4529" in looked and "10 m" in looked
    assert f"{site.code} {site.name}" in looked
    assert 'value="2022-05-01"' in looked
    assert views(planner, job)[0]["picture"].startswith("data:image/webp;base64,")
    answer = do(planner, job, "store-scene", **WORDS, site=site.pk, role="before", published="on")
    scene = RasterScene.objects.get()
    assert (job.state, job.scene, job.has_files) == (JobState.STORED, scene, False)
    assert (scene.name, scene.sensor, scene.datum_accepted) == ("航片", "GF-2", False)
    assert ScenePair.objects.get(site=site).before == scene
    assert planner.get(answer["Location"])["Location"] == f"/planner/scenes/{scene.pk}/"
    assert not list(JobFolder(job.pk).path.glob("*.part"))
    assert site.code in planner.get(f"/planner/scenes/{scene.pk}/").content.decode()
    assert "影像" in planner.get("/planner/import/").content.decode()


def test_a_refusal_is_a_sentence_and_stores_nothing(planner: Client, site: Site) -> None:
    job = send(planner, ("<b>x</b>.tif", b"<svg onload=alert(1)>"))
    content = page(planner, job)
    assert 'role="alert"' in content and "GeoTIFF" in content
    assert "<svg" not in content
    assert "<b>x" not in content
    assert do(planner, job, "store-scene", **WORDS).status_code == 400
    assert not RasterScene.objects.exists()


@pytest.mark.parametrize(
    "values", [{"site": "there", "role": ""}, {"acquired_on": "x"}, {"site": "elsewhere", "role": "after"}]
)  # fmt: skip
def test_what_is_not_said_whole_is_asked_for(
    planner: Client, sent: tuple[str, bytes], site: Site, values: dict[str, str]
) -> None:
    job = send(planner, sent)
    if values.get("site") == "there":
        values = {**values, "site": str(site.pk)}
    answer = do(planner, job, "store-scene", **{**WORDS, **values})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert job.state == JobState.READY


def test_a_crs_that_may_be_two_is_shown_on_the_map_and_chosen(
    planner: Client, picture: Picture, site: Site
) -> None:
    plain = GRID.translation(500_000, 5_222_000) @ GRID.scale(10, -10)
    job = send(planner, ("a.tif", picture(crs=None, transform=plain)[0].path.read_bytes()))
    candidates = job.findings["candidates"]
    assert not job.findings["can_store"] and len(candidates) >= 2
    lying = views(planner, job)
    assert len({view["bounds"][0] for view in lying}) == len(candidates)
    do(planner, job, "read", crs=candidates[1]["crs"], places="1")
    assert job.findings["can_store"] and job.findings["crs"] == candidates[1]["label"]
    do(planner, job, "store-scene", **WORDS)
    assert RasterScene.objects.get().source_crs == candidates[1]["label"]


def test_ninety_metres_are_accepted_in_a_field_of_their_own(
    planner: Client, picture: Picture, site: Site
) -> None:
    job = send(planner, ("a.tif", picture(crs="EPSG:2365")[0].path.read_bytes()))
    assert not job.findings["can_store"] and job.findings["null_datum"]
    do(planner, job, "read", crs="", places="1", accept_datum="on")
    do(planner, job, "store-scene", **WORDS)
    scene = RasterScene.objects.get()
    assert scene.datum_accepted and "Xian" in scene.source_crs
    assert "90" in planner.get(f"/planner/scenes/{scene.pk}/").content.decode()


def test_a_picture_of_elsewhere_is_told_before_it_is_converted(
    planner: Client, picture: Picture, site: Site
) -> None:
    far = GRID.translation(400_000, 4_000_000) @ GRID.scale(10, -10)
    job = send(planner, ("a.tif", picture(crs="EPSG:32618", transform=far)[0].path.read_bytes()))
    assert not job.findings["can_store"]
    assert 'role="alert"' in page(planner, job)
    assert views(planner, job)[0]["picture"]


def test_a_role_that_is_taken_leads_back_to_the_form(
    planner: Client, sent: tuple[str, bytes], site: Site, bring: Bring
) -> None:
    first = bring("before").scene
    job = send(planner, sent)
    beside = {"site": site.pk, "role": "before"}
    do(planner, job, "store-scene", **WORDS, **beside)
    assert (job.state, job.has_files) == (JobState.READY, True)
    content = page(planner, job)
    assert 'role="alert"' in content and 'value="航片"' in content
    do(planner, job, "store-scene", **WORDS, **beside, replace="on")
    assert not RasterScene.objects.filter(pk=first.pk).exists()


def test_a_zip_of_a_picture_its_world_file_and_its_prj_is_taken(
    planner: Client, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    Image.new("RGB", (400, 300), "green").save(folder / "航片.jpg")
    grid = OVER_SITE @ OVER_SITE.translation(0.5, 0.5)
    numbers = (grid.a, grid.d, grid.b, grid.e, grid.c, grid.f)
    (folder / "航片.jgw").write_text("\n".join(map(str, numbers)))
    (folder / "航片.prj").write_text(WKT)
    (folder / "说明.txt").write_text("x")
    archive = zipped(tmp_path / "航片.zip", sorted(folder.iterdir()))
    job = send(planner, archive)
    assert job.findings["can_store"] and "4529" in job.findings["crs"]
    assert "说明.txt" in page(planner, job)
    do(planner, job, "store-scene", **WORDS)
    assert RasterScene.objects.get().width_px == 400


def test_a_picture_is_one_at_the_door_of_imports_too(
    planner: Client, sent: tuple[str, bytes], site: Site
) -> None:
    assert send(planner, sent, door="import").kind == JobKind.SCENE


def test_pieces_are_sent_and_verified_as_for_any_upload(
    planner: Client, sent: tuple[str, bytes], site: Site
) -> None:
    name, data = sent
    told = {"files": [{"name": name, "size": len(data), "fingerprint": name}]}
    made = planner.post("/planner/scenes/create/", json.dumps(told), "application/json").json()
    url, half = made["parts"][0]["url"], len(data) // 2
    for start, piece in ((0, data[:half]), (half, data[half:])):
        answer = planner.patch(
            url, piece, "application/offset+octet-stream", headers={"Upload-Offset": str(start)}
        )
        assert answer.status_code == 204
    digest = hashlib.sha256(data).hexdigest()
    done = planner.post(made["complete"], json.dumps({"sha256": [digest]}), "application/json")
    job = ImportJob.objects.get()
    assert done.json() == {"page": f"/planner/import/{job.pk}/"}
    assert job.findings["can_store"]


def test_a_dead_worker_is_told_and_the_picture_can_be_tried_again(
    planner: Client, sent: tuple[str, bytes], site: Site, monkeypatch: Any
) -> None:
    job = send(planner, sent)
    monkeypatch.setattr(work, "run", lambda *_anything: None)
    do(planner, job, "store-scene", **WORDS)
    assert job.state == JobState.STORING
    monkeypatch.undo()
    monkeypatch.setattr(JobFolder, "silence_s", property(lambda _folder: SILENT_S + 1))
    page(planner, job)
    job.refresh_from_db()
    assert (job.state, job.failed_at) == (JobState.FAILED, JobState.STORING)
    assert "没有" in page(planner, job)
    monkeypatch.undo()
    do(planner, job, "retry")
    assert job.state == JobState.STORED


def test_a_conversion_can_be_stopped(
    planner: Client, sent: tuple[str, bytes], site: Site, settings: Any
) -> None:
    job = send(planner, sent)
    JobFolder(job.pk).ask_to_stop()
    options = {**job.options, "scene": {}}
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.STORING, run=job.pk, options=options)
    work.run(job.pk, job.pk)
    job.refresh_from_db()
    assert job.state == JobState.READY
    assert not list((Path(settings.MEDIA_ROOT) / "scenes").glob("*"))


def test_what_is_for_sites_is_refused_for_a_picture(
    planner: Client, sent: tuple[str, bytes], site: Site
) -> None:
    job = send(planner, sent)
    for verb in ("store", "check", "check-layer"):
        assert do(planner, job, verb, mode="new", new_key="x").status_code == 400
    assert do(planner, job, "undo").status_code == 409
    assert job.state == JobState.READY


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


def test_an_upload_is_its_owner_s(planner: Client, cast: Cast, site: Site) -> None:
    job = send(planner, ("a.tif", b"nothing"))
    other = Client()
    other.force_login(User.objects.create_user("eve", password="eve-password", role="planner"))
    assert other.get(f"/planner/import/{job.pk}/").status_code == 404
    assert other.get(f"/planner/import/{job.pk}/preview/").status_code == 404
