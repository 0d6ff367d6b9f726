"""The style editor's addresses: who may, what they make, and what is kept."""

import json

import pytest
from django.contrib.gis.geos import Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.audit_entry import AuditEntry
from layers.models import Feature, Layer
from layers.styles.document import mistakes
from tests.conftest import Cast
from tests.layers.styles.test_sld import polygon, rule, sld

STYLE = {"layers": [{"type": "fill", "paint": {"fill-color": "#123456"}}]}
PAGE = "/planner/layers/plots/style/"


@pytest.fixture
def layer(db: None) -> Layer:
    layer = Layer.objects.create(key="plots", name="地块", published=True)
    square = Polygon(((0, 0), (1, 0), (1, 1), (0, 0)), srid=4326)
    for value in (1, 2, 3, 10, 20, 30, None):
        kind = "甲" if value and value < 5 else "乙"
        Feature.objects.create(layer=layer, geom=square, properties={"mu": value, "类": kind})
    return layer


@pytest.fixture
def planner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.alice)
    return client


def test_planners_edit_styles_and_nobody_else(layer: Layer, cast: Cast, client: Client) -> None:
    asked = [
        ("get", PAGE),
        ("get", PAGE + "make/?kind=single"),
        ("post", PAGE),
    ]
    asked += [("post", PAGE + "check/"), ("post", PAGE + "sld/")]
    for verb, path in asked:
        client.logout()
        assert getattr(client, verb)(path).status_code in {302, 401}
        client.force_login(cast.bob)
        answer = getattr(client, verb)(path, {"style": json.dumps(STYLE)} if verb == "post" else {})
        assert answer.status_code == 403
    layer.refresh_from_db()
    assert layer.style == {}


def test_a_saved_style_is_the_map_s_and_the_trail_knows(layer: Layer, planner: Client) -> None:
    answer = planner.post(PAGE, {"style": json.dumps(STYLE)}, follow=True)
    assert answer.status_code == 200
    layer.refresh_from_db()
    assert layer.style == STYLE
    entry = AuditEntry.objects.filter(kind="layer").get()
    former, now = json.loads(entry.changes)["style"]
    assert (entry.subject, former) == ("plots", "{}")
    assert json.loads(now) == STYLE
    [shown] = [one for one in planner.get("/").context["map"]["layers"] if one["key"] == "plots"]
    assert shown["style"] == STYLE
    assert shown["legend"][0]["symbol"]["fill-color"] == "#123456"
    assert shown["count"] == 7


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "JSON"),
        ("[]", "layers"),
        ('{"layers": [{"type": "icon"}]}', "/layers/0/type"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_wrong_style_is_not_saved_and_comes_back(
    layer: Layer, planner: Client, text: str, place: str
) -> None:
    answer = planner.post(PAGE, {"style": text})
    assert answer.status_code == 422
    assert place in answer.content.decode()
    assert not AuditEntry.objects.filter(kind="layer").exists()
    problem = planner.post(PAGE + "check/", {"style": text}, headers={"accept": "application/json"})
    assert (problem.status_code, problem.json()["type"]) == (422, "/problems/style-invalid")


@pytest.mark.parametrize("method", ["quantile", "equal", "natural"])
def test_classes_are_made_of_the_column(layer: Layer, planner: Client, method: str) -> None:
    query = {
        "kind": "graduated",
        "column": "mu",
        "method": method,
        "classes": 3,
        "ramp": "blues",
        "label": "name",
    }
    answer = planner.get(PAGE + "make/", query).json()
    assert mistakes(answer["style"]) == []
    fill, names = answer["style"]["layers"]
    assert fill["paint"]["fill-color"][:3:2] == [
        "case",
        ["step", *fill["paint"]["fill-color"][2][1:]],
    ]
    assert [one["label"] for one in answer["legend"]][0::4] == ["mu", "无数据"]
    assert len(answer["notes"]) == 1
    assert names["layout"]["text-field"] == ["get", "name"]
    layer.refresh_from_db()
    assert layer.style == {}


def test_categories_and_a_single_symbol(layer: Layer, planner: Client) -> None:
    answer = planner.get(PAGE + "make/", {"kind": "categorised", "column": "类"}).json()
    assert [one["label"] for one in answer["legend"]] == ["类", "乙", "甲", "其他"]
    answer = planner.get(
        PAGE + "make/", {"kind": "single", "colour": "#aabbcc", "opacity": 50}
    ).json()
    assert answer["style"]["layers"][0]["paint"]["fill-color"] == "#aabbcc"
    assert answer["style"]["layers"][0]["paint"]["fill-opacity"] == 0.275


@pytest.mark.parametrize(
    "query",
    [{}, {"kind": "rainbow"}, {"kind": "graduated"}, {"kind": "single", "colour": "red"},
     {"kind": "graduated", "column": "mu", "classes": 99}],
)  # fmt: skip
def test_choices_that_are_none_are_refused(
    layer: Layer, planner: Client, query: dict[str, str]
) -> None:
    answer = planner.get(PAGE + "make/", query, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/parameter-invalid")


def test_a_column_without_numbers_says_so(layer: Layer, planner: Client) -> None:
    answer = planner.get(PAGE + "make/", {"kind": "graduated", "column": "类"}).json()
    assert len(answer["notes"]) == 1
    assert mistakes(answer["style"]) == []


def test_an_sld_becomes_a_style_and_says_what_it_left_out(layer: Layer, planner: Client) -> None:
    text = sld(rule("甲", polygon("#112233") + "<se:RasterSymbolizer/>"))
    answer = planner.post(PAGE + "sld/", {"sld": SimpleUploadedFile("a.sld", text)}).json()
    assert answer["style"]["layers"][0]["paint"]["fill-color"] == "#112233"
    assert "RasterSymbolizer" in answer["notes"][0]
    layer.refresh_from_db()
    assert layer.style == {}


@pytest.mark.parametrize(
    "text", [b"PK", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"]
)
def test_what_is_no_sld_is_refused(layer: Layer, planner: Client, text: bytes) -> None:
    answer = planner.post(
        PAGE + "sld/",
        {"sld": SimpleUploadedFile("a.sld", text)},
        headers={"accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/format-unsupported")


def test_an_unknown_layer_is_not_there(planner: Client) -> None:
    assert planner.get("/planner/layers/none/style/").status_code == 404
