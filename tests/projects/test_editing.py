"""The one writer: what it measures, what it refuses, and that it stores nothing of what it refuses."""

import math

import pytest
from django.db import IntegrityError, transaction
from shapely import wkt
from shapely.geometry import LineString, Point

from gis_projects.geo import measure
from gis_projects.http.problems import (
    AttributesInvalid,
    GeometryInvalid,
    NotAllowed,
    RevisionConflict,
    TransitionRefused,
)
from projects import editing, publication
from projects.evidence import NewPhoto, add_photo
from projects.models import Programme, Site
from tests.conftest import Cast
from tests.factories import DAY, SCHEMA, bring_to, make_programme, make_site, picture, square, state


def test_it_measures_an_area_on_the_ellipsoid_when_it_is_written(parks: Programme) -> None:
    site = make_site(parks, geom=square())
    assert site.area_m2 == pytest.approx(measure.area_m2(square()), rel=1e-12)
    assert site.length_m is None
    # One hundredth of a degree squared at 47.1 N, on a sphere of the same radius of curvature: within 1 %.
    rough = (111_320 * 0.01) * (111_320 * 0.01 * math.cos(math.radians(47.105)))
    assert site.area_m2 == pytest.approx(rough, rel=0.01)


def test_it_measures_a_length_on_the_ellipsoid(pipes: Programme) -> None:
    line = LineString([(123.6, 47.1), (123.6, 47.2)])
    site = make_site(pipes, geom=line)
    assert site.length_m == pytest.approx(measure.length_m(line), rel=1e-12)
    assert site.area_m2 is None


def test_what_the_database_gives_back_measures_the_same(parks: Programme) -> None:
    made = make_site(parks, geom=square())
    stored = Site.objects.get(pk=made.pk)
    again = measure.area_m2(editing.to_shapely(stored.geom))
    assert stored.area_m2 == pytest.approx(again, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("POLYGON EMPTY", "图形为空"),
        ("POINT (123.6 47.1)", "Point"),
        ("POLYGON ((123.6 47.1, 123.7 47.2, 123.7 47.1, 123.6 47.2, 123.6 47.1))", "自相交"),
        ("POLYGON ((10 47.1, 10.1 47.1, 10.1 47.2, 10 47.1))", "范围之外"),
        ("POLYGON ((124.9 47.1, 125.2 47.1, 125.2 47.2, 124.9 47.1))", "范围之外"),
    ],
)
def test_it_refuses_a_bad_geometry_with_a_sentence(parks: Programme, text: str, words: str) -> None:
    with pytest.raises(GeometryInvalid, match=words):
        make_site(parks, geom=wkt.loads(text))
    assert not Site.objects.exists()


def test_it_refuses_coordinates_that_are_no_numbers(wells: Programme) -> None:
    with pytest.raises(GeometryInvalid):
        make_site(wells, geom=Point(float("nan"), 47.1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"households": -1}, "households"),
        ({"households": "many"}, "households"),
        ({"system": "自来水"}, "system"),
        ({"contact": "x" * 21}, "contact"),
        ({"depth": 3}, "depth"),
    ],
)
def test_it_refuses_attributes_that_the_schema_refuses(
    parks: Programme, values: dict[str, object], field: str
) -> None:
    with pytest.raises(AttributesInvalid) as caught:
        make_site(parks, attributes=values)
    assert [problem["field"] for problem in caught.value.extra["problems"]] == [field]
    assert not Site.objects.exists()


def test_a_missing_attribute_is_named_in_chinese(city: object) -> None:
    programme = make_programme("strict", attribute_schema={**SCHEMA, "required": ["households"]})
    with pytest.raises(AttributesInvalid, match="缺少户数"):
        make_site(programme)


def test_a_code_stands_once_in_a_programme(parks: Programme) -> None:
    make_site(parks)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_site(parks, geom=square(123.8))
    assert Site.objects.count() == 1


def test_the_first_state_is_the_workflow_s_own_and_is_recorded(parks: Programme) -> None:
    site = make_site(parks)
    assert site.state.key == "planned"
    assert [entry.to_state.key for entry in site.transitions.all()] == ["planned"]


def test_it_moves_along_steps_only(parks: Programme) -> None:
    site = make_site(parks)
    with pytest.raises(TransitionRefused, match="不能从"):
        editing.move_site(site, state(parks, "accepted"), by=None, on=DAY)
    bring_to(site, "started", "stopped", "started", "done")
    assert Site.objects.get(pk=site.pk).state.key == "done"
    assert site.transitions.count() == 5


def test_a_step_asks_for_its_note_and_its_photograph(parks: Programme) -> None:
    site = bring_to(make_site(parks), "started")
    with pytest.raises(TransitionRefused, match="备注"):
        editing.move_site(site, state(parks, "stopped"), by=None, on=DAY, note=" ")
    bring_to(site, "done")
    with pytest.raises(TransitionRefused, match="照片"):
        editing.move_site(site, state(parks, "accepted"), by=None, on=DAY)
    add_photo(site, NewPhoto(picture(), "after"), by=None)
    bring_to(site, "accepted")
    assert Site.objects.get(pk=site.pk).state.key == "accepted"


def test_a_step_is_for_its_roles(parks: Programme, cast: Cast) -> None:
    site = bring_to(make_site(parks), "started", "done")
    add_photo(site, NewPhoto(picture(), "after"), by=None)
    with pytest.raises(NotAllowed):
        editing.move_site(site, state(parks, "accepted"), by=cast.bob, on=DAY)
    editing.move_site(site, state(parks, "accepted"), by=cast.alice, on=DAY)
    assert site.state.key == "accepted"


def test_an_editor_who_saw_an_older_revision_is_told(parks: Programme) -> None:
    site = make_site(parks)
    editing.update_site(site, {"name": "演示·新名"}, base_revision=1)
    with pytest.raises(RevisionConflict) as caught:
        editing.update_site(site, {"name": "演示·旧名"}, base_revision=1)
    assert caught.value.extra["current_revision"] == 2
    assert Site.objects.get().name == "演示·新名"


def test_an_update_without_a_difference_writes_nothing(parks: Programme) -> None:
    site = make_site(parks)
    before = publication.revision()
    same = editing.update_site(site, {"name": site.name}, geom=square(), new_attributes={})
    assert same.revision == 1
    assert publication.revision() == before


def test_each_write_raises_the_publication_s_revision(parks: Programme) -> None:
    at = [publication.revision()]
    site = make_site(parks)
    at.append(publication.revision())
    editing.update_site(site, {"progress": 20})
    at.append(publication.revision())
    bring_to(site, "started")
    at.append(publication.revision())
    assert at == sorted(set(at))


def test_polygons_that_share_ground_are_marked_and_unmarked(parks: Programme) -> None:
    one = make_site(parks, "A", geom=square(123.6))
    two = make_site(parks, "B", geom=square(123.605))
    far = make_site(parks, "C", geom=square(123.7))
    marked = {site.code for site in Site.objects.filter(has_overlap=True)}
    assert marked == {"A", "B"}
    assert not far.has_overlap
    editing.update_site(two, {}, geom=square(123.8))
    assert not Site.objects.filter(has_overlap=True).exists()
    assert one.pk != two.pk


def test_one_that_lies_inside_another_overlaps_it(parks: Programme) -> None:
    make_site(parks, "OUTER", geom=square(123.6, side=0.05))
    make_site(parks, "INNER", geom=square(123.62, 47.12))
    assert set(Site.objects.filter(has_overlap=True).values_list("code", flat=True)) == {
        "OUTER",
        "INNER",
    }


def test_a_shared_border_is_no_overlap(parks: Programme) -> None:
    make_site(parks, "A", geom=square(123.6, side=0.01))
    make_site(parks, "B", geom=square(123.61, side=0.01))
    assert not Site.objects.filter(has_overlap=True).exists()


def test_the_public_geometry_is_as_coarse_as_the_programme_says(
    parks: Programme, pipes: Programme, wells: Programme
) -> None:
    assert make_site(parks).public_geom is not None
    line = LineString([(123.6 + step / 5000, 47.1 + (step % 2) / 5000) for step in range(40)])
    pipe = make_site(pipes, geom=line)
    assert pipe.public_geom.num_coords < pipe.geom.num_coords
    assert make_site(wells).public_geom is None


def test_it_is_found_by_pinyin_and_initials(parks: Programme) -> None:
    site = make_site(parks, name="富拉尔基热网")
    for text in ("富拉尔基", "fulaerji", "flejrw", "a-1"):
        assert Site.objects.filter(search_text__contains=text).get() == site
