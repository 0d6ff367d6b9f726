"""The planner's page tells what was changed, by whom, from what to what; the public's page does not."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import editing
from projects.evidence import NewPhoto, add_photo
from projects.models import District, Programme, Site
from projects.planner import history
from tests.conftest import Cast
from tests.factories import bring_to, make_site, picture, square


@pytest.fixture
def changed(parks: Programme, cast: Cast) -> Site:
    """Created, changed in words and place by alice, moved, photographed."""
    site = make_site(parks, attributes={"system": "供热", "contact": "秘密联系人"})
    fields = {"name": "新名称", "district": District.objects.get(code="230203")}
    editing.update_site(
        site,
        fields,
        geom=square(123.7),
        new_attributes={"system": "燃气", "households": 5},
        by=cast.alice,
    )
    bring_to(site, "started")
    add_photo(site, NewPhoto(data=picture(), role="before"), by=cast.alice)
    return Site.objects.get()


def test_each_change_has_its_words_in_chinese(changed: Site) -> None:
    found = history.site_history(changed).changes
    assert [change.who for change in found] == ["alice", "", "alice", ""]
    rows = {row.title: (row.old, row.new) for row in found[2].differences}
    assert rows == {
        "名称": ("演示·A-1", "新名称"),
        "县区": ("西区", "东区"),
        "户数": ("—", "5 户"),
        "管网类别": ("供热", "燃气"),
        "联系人": ("秘密联系人", "—"),
    }
    moved = [(row.old, row.new) for row in found[1].differences]
    assert moved == [("planned态", "started态"), ("—", "测试")]


def test_the_page_tells_it_in_english_too(changed: Site, client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    client.cookies["django_language"] = "en"
    page = client.get(f"/planner/sites/{changed.pk}/").content.decode()
    section = page[page.index('id="changes-title"') :]
    summaries = re.findall(r"<summary>.*· ([^·]+) · ([^·]+)</summary>", section)
    assert summaries == [
        ("alice", "photograph added"),
        ("System", "moved to another state"),
        ("alice", "changed"),
        ("System", "added"),
    ]
    for words in ("Households", "heat", "gas", "District 0", "District 1", "Planned", "Started"):
        assert words in section


def test_both_geometries_are_on_the_page(changed: Site, client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    page = client.get(f"/planner/sites/{changed.pk}/").content.decode()
    found = re.search(r'id="history-shapes"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    shapes = json.loads(found[1])
    numbers = re.findall(r'data-shape="(\d+)"', page)
    assert numbers == sorted(shapes, reverse=True)
    before, after = shapes[numbers[0]]
    assert {lon for lon, _lat in before["coordinates"][0]} == {123.6, 123.61}
    assert min(lon for lon, _lat in after["coordinates"][0]) == 123.7
    assert shapes[numbers[1]][0] is None
    assert "js/apps/history.js" in page


def test_only_staff_who_may_edit_the_site_are_told(
    changed: Site, client: Client, cast: Cast
) -> None:
    public = client.get(f"/sites/{changed.pk}/").content.decode()
    for word in ("秘密联系人", "history-shapes", "alice", "演示·A-1"):
        assert word not in public
    assert client.get(f"/planner/sites/{changed.pk}/").status_code in {302, 401}
    client.force_login(cast.bob)
    assert client.get(f"/planner/sites/{changed.pk}/").status_code == 403


def test_many_changes_cost_no_more_queries_than_one(
    changed: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CaptureQueriesContext(connection) as few:
        assert not history.site_history(changed).is_cut
    for number in range(10):
        editing.update_site(changed, {"progress": number + 1})
    monkeypatch.setattr(history, "LATEST", 8)
    with CaptureQueriesContext(connection) as many:
        found = history.site_history(changed)
    assert found.is_cut
    assert len(found.changes) == 8
    assert len(many) <= len(few) <= 5
