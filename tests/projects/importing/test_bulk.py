"""Many sites at once are the sites that would have been made one by one: rows, marks, log, refusals."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis_projects.http.problems import AttributesInvalid, GeometryInvalid
from projects import attributes, editing, publication
from projects.bulk import derive, writer
from projects.bulk.check import AttributeCheck
from projects.bulk.writer import create_sites
from projects.editing import SiteDraft
from projects.models import District, Programme, Site, Transition
from projects.search import search_text
from tests.conftest import Cast
from tests.factories import DAY, SCHEMA, make_programme, make_site, square

BLOCK = square(123.6, 47.1, 0.02)
YARD = affinity.scale(BLOCK, 0.3, 0.3)
SHAPES: dict[str, list[BaseGeometry]] = {
    "Polygon": [
        square(123.61, 47.11),
        Polygon(BLOCK.exterior.coords, [YARD.exterior.coords]),
        MultiPolygon([square(123.7), square(123.75)]),
        Polygon([(123.7, 47.1, 150.0), (123.71, 47.1, 150.0), (123.7, 47.11, 151.0)]),
    ],
    "LineString": [LineString([(123.6 + n / 3000, 47.1 + n % 2 / 2000) for n in range(30)])],
    "Point": [Point(1234567 / 10007, 47.123456789012345)],
}
SAME = {"id", "programme_id", "created_at", "updated_at", "_state"}


def drafts(shapes: list[BaseGeometry]) -> list[SiteDraft]:
    return [
        SiteDraft(
            code=f"N-{number}",
            name=f"演示·重庆路{number}号 Σ",
            name_en="Chongqing Road" if number else "",
            geom=geom,
            district=District.objects.last() if number else None,
            address="沿江",
            source_crs="EPSG:4490",
            planned_start=dt.date(2022, 5, 1) if number else None,
            actual_end=dt.date(2022, 9, 30),
            investment=Decimal("1234.50") if number else None,
            progress=number,
            attributes={"households": number, "claimed_mu": 1.5, "system": "供热"}
            if number
            else {},
            published=number % 2 == 0,
            is_demonstration=True,
        )
        for number, geom in enumerate(shapes)
    ]


def row(site: Site) -> dict[str, Any]:
    values = {key: value for key, value in vars(site).items() if key not in SAME}
    for name in ("geom", "public_geom"):
        values[name] = values[name] and bytes(values[name].ewkb)
    return values


@pytest.mark.parametrize("precision", ["exact", "grid:500", "outline:100", "street", "district"])
@pytest.mark.parametrize("kind", SHAPES)
def test_it_writes_the_rows_that_one_by_one_gives(
    city: object, cast: Cast, kind: str, precision: str
) -> None:
    single = make_programme("single", kind, precision=precision)
    many = make_programme("many", kind, precision=precision)
    for draft in drafts(SHAPES[kind]):
        editing.create_site(single, draft, by=cast.alice, on=DAY)
    assert create_sites(many, drafts(SHAPES[kind]), by=cast.alice, on=DAY) == len(SHAPES[kind])
    assert [row(site) for site in many.sites.all()] == [row(site) for site in single.sites.all()]
    entries = Transition.objects.filter(site__programme=many)
    assert {(e.to_state.key, e.step, e.by, e.on, e.note) for e in entries} == {
        ("planned", None, cast.alice, DAY, "")
    }
    assert entries.count() == len(SHAPES[kind])


def test_the_database_holds_the_same_bytes(parks: Programme) -> None:
    wells = make_programme("wells")
    draft = drafts(SHAPES["Polygon"])[1]
    editing.create_site(parks, draft, by=None, on=DAY)
    create_sites(wells, [draft], by=None, on=DAY)
    omitted = ("id", "programme_id", "created_at", "updated_at")
    names = [f.column for f in Site._meta.concrete_fields if f.column not in omitted]
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM projects_site")
        one, other = cursor.fetchall()
    assert one == other


def test_it_marks_what_overlaps_among_batches_and_with_what_was_there(
    parks: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BATCH", 2)
    make_site(parks, "OLD-1", geom=square(123.6))
    make_site(parks, "OLD-2", geom=square(123.9))
    make_site(make_programme("others"), "OLD-3", geom=square(123.65))
    places = {"A": 123.605, "B": 123.65, "C": 123.7, "D": 123.71, "E": 123.652, "F": 123.8}
    new = [SiteDraft(code=code, name=code, geom=square(west)) for code, west in places.items()]
    create_sites(parks, new, by=None, on=DAY)
    marked = Site.objects.filter(has_overlap=True).values_list("code", flat=True)
    assert set(marked) == {"OLD-1", "A", "B", "E"}  # C and D share a border only


def test_it_tells_the_public_once_and_asks_little_of_the_database(parks: Programme) -> None:
    before = publication.revision()
    new = [
        SiteDraft(
            code=f"N-{n}",
            name="演示",
            geom=square(123.6 + n / 500, 47.1, 0.001),
            published=True,
        )
        for n in range(300)
    ]
    with CaptureQueriesContext(connection) as queries:
        create_sites(parks, new, by=None, on=DAY)
    assert publication.revision() == before + 1
    # Four of them on PostgreSQL look at the references of what was written.
    assert len(queries) <= 16


def test_nothing_new_changes_nothing(parks: Programme) -> None:
    before = publication.revision()
    assert create_sites(parks, [], by=None, on=DAY) == 0
    assert publication.revision() == before


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"attributes": {"households": -1}}, AttributesInvalid),
        ({"attributes": {"depth": 1}}, AttributesInvalid),
        ({"geom": square(10)}, GeometryInvalid),
        ({"geom": Point(123.6, 47.1)}, GeometryInvalid),
        ({"geom": Polygon()}, GeometryInvalid),
        ({"geom": Point(float("nan"), 47.1)}, GeometryInvalid),
        (
            {"geom": Polygon([(123.6, 47.1), (123.7, 47.2), (123.7, 47.1), (123.6, 47.2)])},
            GeometryInvalid,
        ),
        ({"code": "N-0"}, IntegrityError),
    ],
)
def test_one_bad_site_keeps_all_out(
    parks: Programme, monkeypatch: pytest.MonkeyPatch, bad: dict[str, Any], error: type[Exception]
) -> None:
    monkeypatch.setattr(writer, "BATCH", 2)
    good = [
        SiteDraft(code=f"N-{n}", name="演示", geom=square(123.6 + n / 50, 47.1)) for n in range(4)
    ]
    last = SiteDraft(**{"code": "N-9", "name": "演示", "geom": square(123.9), **bad})
    with pytest.raises(error), transaction.atomic():
        create_sites(parks, [*good, last], by=None, on=DAY)
    assert not Site.objects.exists()
    assert not Transition.objects.exists()


@given(st.lists(st.text("重庆银行长路〇a1 ·Σ（）々ǚ𠮷　-"), min_size=3, max_size=3))
def test_the_search_text_is_that_of_one_site(parts: list[str]) -> None:
    assert derive.search_text_of(*parts) == search_text(*parts)


def test_the_search_text_of_a_long_name_is_cut_as_well() -> None:
    name = "重庆银行长春路" * 17
    assert derive.search_text_of("N-1", name) == search_text("N-1", name)


VALUES = st.one_of(
    st.integers(-2, 30), st.floats(-2, 30), st.booleans(), st.none(), st.text("ab", max_size=30),
    st.sampled_from(["供热", "燃气", "2022-05-01"]), st.lists(st.integers(), max_size=1),
)  # fmt: skip
KEYS = st.sampled_from([*SCHEMA["properties"], "opened", "unknown"])


@given(st.dictionaries(KEYS, VALUES))
def test_what_passes_quickly_passes_the_validator(values: dict[str, Any]) -> None:
    opened = {"type": "string", "format": "date"}
    schema = {
        **SCHEMA,
        "properties": {**SCHEMA["properties"], "opened": opened},
        "required": ["households"],
    }
    quick = AttributeCheck(schema)
    assert quick.problems(values) == attributes.problems(schema, values)


def test_the_usual_values_pass_without_the_validator() -> None:
    assert AttributeCheck(SCHEMA).fits({"households": 3, "claimed_mu": 2, "system": "供热"})


@pytest.mark.parametrize("word", [{"pattern": "^A"}, {"type": ["string", "null"]}])
def test_words_that_it_does_not_know_are_left_to_the_validator(word: dict[str, Any]) -> None:
    schema = {"properties": {"grade": {"type": "string", **word}}}
    assert not AttributeCheck(schema).fits({"grade": "A"})
    assert AttributeCheck(schema).problems({"grade": "A"}) == []
