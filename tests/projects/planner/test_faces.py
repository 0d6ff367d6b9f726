"""The planner's and the inspector's pages, through the forms that they fill in."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import mapping

from gis_projects.geo import measure
from projects.models import Assignment, Inspection, Photo, Programme, Site
from tests.conftest import Cast
from tests.factories import bring_to, make_programme, make_site, picture, square, state


@pytest.fixture
def planner(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def form(**changes: Any) -> dict[str, Any]:
    values = {
        "code": "N-1",
        "name": "演示·新点",
        "progress": 0,
        "geometry": json.dumps(mapping(square())),
        "attr-households": "12",
    }
    return values | changes


def new(programme: Programme) -> str:
    return f"/planner/sites/new/{programme.key}/"


def test_a_planner_makes_and_changes_a_site(parks: Programme, planner: Client) -> None:
    response = planner.post(new(parks), form())
    site = Site.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/planner/sites/{site.pk}/"
    assert site.attributes == {"households": 12}
    page = planner.get(response["Location"]).content.decode()
    assert "演示·新点" in page
    planner.post(
        response["Location"], form(name="演示·改名", base_revision=site.revision, progress=30)
    )
    site.refresh_from_db()
    assert (site.name, site.progress, site.revision) == ("演示·改名", 30, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"geometry": ""}, "请在地图上绘制项目点"),
        ({"geometry": "{"}, "请在地图上绘制项目点"),
        ({"geometry": json.dumps({"type": "Point", "coordinates": [123.6, 47.1]})}, "不适用"),
        ({"geometry": json.dumps(mapping(square(10)))}, "范围之外"),
        ({"attr-households": "-3"}, "过小"),
        ({"planned_start": "2022-06-01", "planned_end": "2022-05-01"}, "结束日期早于开始日期"),
        ({"progress": "140"}, "100"),
        ({"code": "A-1"}, "已有此编号"),
    ],
)
def test_a_mistake_is_shown_and_what_was_typed_is_kept(
    parks: Programme, planner: Client, changes: dict[str, Any], words: str
) -> None:
    make_site(parks)
    response = planner.post(new(parks), form(name="演示·保留", **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "演示·保留" in page
    assert Site.objects.count() == 1


def test_two_planners_do_not_overwrite_each_other(parks: Programme, planner: Client) -> None:
    site = make_site(parks)
    path = f"/planner/sites/{site.pk}/"
    assert planner.post(path, form(name="演示·先", base_revision=1)).status_code == 302
    response = planner.post(path, form(name="演示·后", base_revision=1))
    assert response.status_code == 422
    assert "他人已保存" in response.content.decode()
    assert Site.objects.get().name == "演示·先"


def test_only_allowed_steps_are_offered_and_taken(parks: Programme, planner: Client) -> None:
    site = bring_to(make_site(parks), "started")
    page = planner.get(f"/planner/sites/{site.pk}/").content.decode()
    page = page[page.index(f"/planner/sites/{site.pk}/step/") :]
    offered = {key for key in ("planned", "started", "stopped", "done", "accepted")
               if f'<option value="{state(parks, key).pk}"' in page}  # fmt: skip
    assert offered == {"stopped", "done"}
    step = f"/planner/sites/{site.pk}/step/"
    values = {"step-on": "2022-06-01", "step-note": ""}
    planner.post(step, {**values, "step-to_state": state(parks, "accepted").pk})
    assert Site.objects.get().state.key == "started"
    planner.post(step, {**values, "step-to_state": state(parks, "stopped").pk})
    assert Site.objects.get().state.key == "started"  # the winter stop asks for a note
    planner.post(step, {**values, "step-note": "冬歇", "step-to_state": state(parks, "stopped").pk})
    assert Site.objects.get().state.key == "stopped"


def test_an_inspector_records_a_visit_with_a_photograph(
    parks: Programme, client: Client, cast: Cast
) -> None:
    site = make_site(parks)
    client.force_login(cast.bob)
    path = f"/field/sites/{site.pk}/inspect/"
    assert client.get(path).status_code == 404
    Assignment.objects.create(user=cast.bob, programme=parks)
    assert "演示·A-1" in client.get("/field/plain/").content.decode()
    upload = SimpleUploadedFile("现场.jpg", picture(), "image/jpeg")
    response = client.post(
        path, {"note": "已进场", "progress": "15", "role": "before", "photos": upload}
    )
    assert response.status_code == 302
    visit = Inspection.objects.get()
    assert (visit.inspector, visit.note, visit.progress) == (cast.bob, "已进场", 15)
    assert Photo.objects.get().inspection == visit
    page = client.get(path).content.decode()
    assert "已进场" in page


def test_a_visit_without_anything_or_with_a_bad_file_is_refused(
    parks: Programme, client: Client, cast: Cast
) -> None:
    site = make_site(parks)
    client.force_login(cast.dora)
    path = f"/field/sites/{site.pk}/inspect/"
    empty = client.post(path, {"role": "during"})
    assert empty.status_code == 422
    bad = SimpleUploadedFile("a.jpg", b"not a picture", "image/jpeg")
    refused = client.post(path, {"note": "附照片", "role": "during", "photos": bad})
    assert refused.status_code == 422
    assert "这不是可读取的照片" in refused.content.decode()
    assert "附照片" in refused.content.decode()
    assert not Inspection.objects.exists()


def test_the_list_narrows_and_its_queries_do_not_grow(parks: Programme, planner: Client) -> None:
    wells = make_programme("wells", "Point")
    make_site(wells, "W")
    with CaptureQueriesContext(connection) as few:
        planner.get("/planner/")
    for number in range(12):
        make_site(parks, f"N-{number:02}", geom=square(123.6 + number / 50))
    with CaptureQueriesContext(connection) as many:
        page = planner.get("/planner/").content.decode()
    assert page.count("/planner/sites/") >= 13
    assert len(many) == len(few) <= 10
    narrowed = planner.get("/planner/?programme=wells&evidence=none").content.decode()
    assert "演示·W" in narrowed
    assert "演示·N-00" not in narrowed


@pytest.mark.parametrize("model", ["site", "programme", "district", "target", "photo", "workflow"])
def test_the_administration_opens_on_every_table(
    parks: Programme, client: Client, cast: Cast, model: str
) -> None:
    site = make_site(parks)
    cast.dora.is_staff = cast.dora.is_superuser = True
    cast.dora.save()
    client.force_login(cast.dora)
    assert client.get(f"/admin/projects/{model}/").status_code == 200
    if model == "site":
        page = client.get(f"/admin/projects/site/{site.pk}/change/").content.decode()
        assert "leaflet" in page
        assert not re.search(r"<script(?![^>]*(src=|nonce=.[^\"]|type=.application/json))", page)


def test_the_administration_writes_through_the_one_writer(
    parks: Programme, client: Client, cast: Cast
) -> None:
    site = make_site(parks)
    cast.dora.is_staff = cast.dora.is_superuser = True
    cast.dora.save()
    client.force_login(cast.dora)
    path = f"/admin/projects/site/{site.pk}/change/"
    values = {"code": "A-1", "name": "演示·改名", "progress": "10", "published": "on"}
    bad = client.post(path, values | {"geom": json.dumps(mapping(square(10)))})
    assert "范围之外" in bad.content.decode()
    response = client.post(path, values | {"geom": json.dumps(mapping(square(123.9, side=0.02)))})
    assert response.status_code == 302
    after = Site.objects.get()
    assert (after.name, after.revision) == ("演示·改名", 2)
    assert after.area_m2 == pytest.approx(measure.area_m2(square(123.9, side=0.02)), rel=1e-9)


@pytest.mark.parametrize(("name", "page"), [("alice", "/planner/"), ("bob", "/field/")])
def test_signing_in_leads_to_one_s_own_work(
    city: object, client: Client, cast: Cast, name: str, page: str
) -> None:
    answer = {"username": name, "password": f"{name}-password"}
    response = client.post("/accounts/login/", answer, follow=True)
    assert response.redirect_chain[-1][0] == page
    assert client.post("/accounts/login/", {**answer, "password": "x"}).status_code == 200
    elsewhere = client.post("/accounts/login/?next=https://example.org/", answer, follow=True)
    assert elsewhere.redirect_chain[-1][0] == page


def test_a_planner_sees_what_the_public_sees(pipes: Programme, planner: Client, cast: Cast) -> None:
    site = make_site(pipes, attributes={"households": 7, "contact": "王某"})
    path = f"/planner/sites/{site.pk}/publication/"
    page = planner.get(path).content.decode()
    settings = json.loads(page.split('id="map-settings" type="application/json">')[1].split("<")[0])
    assert settings["inside"]["coordinates"] == [[123.6, 47.1], [123.61, 47.12]]
    assert settings["outside"]["coordinates"] != settings["inside"]["coordinates"]
    assert page.count("王某") == 1  # inside, not in the public's column
    assert page.count("7 户") == 2
    planner.force_login(cast.bob)
    assert planner.get(path).status_code == 403
