"""A style is right, or each of its mistakes is told with its place."""

from typing import Any

import pytest

from gis_projects.http.problems import StyleInvalid
from layers.styles.document import checked, mistakes
from layers.styles.making import categorised, default_style, graduated, label, symbols
from layers.styles.words import MAX_LAYERS


def one(kind: str = "circle", **parts: Any) -> dict[str, Any]:
    return {"layers": [{"type": kind, **parts}]}


RIGHT = [
    default_style(),
    one("fill", paint={"fill-color": "#abc", "fill-outline-color": "#0b5c56"}),
    one("line", paint={"line-dasharray": [2, 1.5]}, layout={"line-cap": "round"}, minzoom=8, maxzoom=12),
    one(paint={"circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2, 14, 8]}),
    one(paint={"circle-color": ["step", ["get", "人口"], "#ffffff", 10, "#0000ff", 20.5, "#000000"]}),
    one(paint={"circle-color": ["match", ["get", "kind"], ["a", "b"], "#ffffff", 3, "#0000ff", "#999999"]}),
    one(paint={"circle-color": ["case", ["!", ["has", "n"]], "#ffffff", [">=", ["get", "n"], 3], "#00f", "#999"]}),
    one(paint={"circle-radius": ["step", ["zoom"], 2, 10, ["match", ["get", "k"], "a", 5, 3]]}),
    one(filter=["all", ["==", ["geometry-type"], "Point"], ["in", ["get", "k"], ["literal", ["a", 1]]]]),
    one("symbol", layout={"text-field": ["concat", ["get", "name"], " ", ["to-string", ["get", "n"]]]}),
    {"layers": [*symbols(graduated("n", [1, 2], ["#ffffff", "#888888", "#000000"])), label("name")]},
    {"layers": symbols(categorised("k", ["a", 1], ["#ffffff", "#888888"]), ["line"])},
    {"layers": symbols(graduated("n", [], ["#ffffff"]), ["fill"])},
]  # fmt: skip

WRONG = [
    ([], ""),
    ({}, "/layers"),
    ({"layers": []}, "/layers"),
    ({"layers": [1]}, "/layers/0"),
    ({"layers": [{"type": "circle"}] * (MAX_LAYERS + 1)}, "/layers"),
    ({**one(), "sprite": "https://example.org/sprite"}, "/sprite"),
    ({**one(), "version": 7}, "/version"),
    (one("raster"), "/layers/0/type"),
    (one(**{"source-layer": "x"}), "/layers/0/source-layer"),
    (one(**{"a/b~c": 1}), "/layers/0/a~1b~0c"),
    (one(minzoom=-1), "/layers/0/minzoom"),
    (one(minzoom=12, maxzoom=12), "/layers/0/maxzoom"),
    (one(minzoom="8"), "/layers/0/minzoom"),
    (one(paint=[]), "/layers/0/paint"),
    (one(paint={"icon-image": "x"}), "/layers/0/paint/icon-image"),
    (one(paint={"circle-color": "red"}), "/layers/0/paint/circle-color"),
    (one(paint={"circle-color": "url(https://example.org)"}), "/layers/0/paint/circle-color"),
    (one(paint={"circle-opacity": 1.1}), "/layers/0/paint/circle-opacity"),
    (one(paint={"circle-radius": True}), "/layers/0/paint/circle-radius"),
    (one(paint={"circle-radius": float("nan")}), "/layers/0/paint/circle-radius"),
    (one("fill", paint={"fill-pattern": "x"}), "/layers/0/paint/fill-pattern"),
    (one("line", paint={"line-dasharray": [0, 0]}), "/layers/0/paint/line-dasharray"),
    (one("line", layout={"line-cap": ["get", "cap"]}), "/layers/0/layout/line-cap"),
    (one("symbol", layout={"text-field": ["image", "x"]}), "/layers/0/layout/text-field/0"),
    (one("symbol", layout={"text-field": ["get"]}), "/layers/0/layout/text-field"),
    (one(paint={"circle-color": ["match", ["get", "k"], "a", "#fff"]}), "/layers/0/paint/circle-color"),
    (one(paint={"circle-color": ["match", ["get", "k"], "a", "#ffg", "#fff"]}), "/layers/0/paint/circle-color/3"),
    (one(paint={"circle-color": ["step", ["get", "n"], "#fff", 5, "#000", 5, "#00f"]}),
     "/layers/0/paint/circle-color/5"),
    (one(paint={"circle-color": ["step", ["random"], "#fff", 5, "#000"]}), "/layers/0/paint/circle-color/1"),
    (one(paint={"circle-radius": ["interpolate", ["exponential", 2], ["zoom"], 1, 1, 2, 2]}),
     "/layers/0/paint/circle-radius"),
    (one(paint={"circle-radius": ["*", 2, 3]}), "/layers/0/paint/circle-radius/0"),
    (one(filter=True), "/layers/0/filter"),
    (one(filter=["within", {}]), "/layers/0/filter/0"),
    (one(filter=["==", ["geometry-type"], "Curve"]), "/layers/0/filter/2"),
    (one(filter=["any", ["==", ["get", "a"], None]]), "/layers/0/filter/1/2"),
    (one(metadata={"labels": "a"}), "/layers/0/metadata/labels"),
    ({"layers": [{"type": "line", "id": "a"}, {"type": "line", "id": "a"}]}, "/layers/1/id"),
]  # fmt: skip


@pytest.mark.parametrize("style", RIGHT)
def test_a_right_style_has_no_mistakes(style: Any) -> None:
    assert mistakes(style) == []
    assert checked(style) is style


@pytest.mark.parametrize(("style", "place"), WRONG, ids=[place for _style, place in WRONG])
def test_a_mistake_has_its_place(style: Any, place: str) -> None:
    found = mistakes(style)
    assert [at for at, _sentence in found] == [place]
    assert found[0][1]


def test_all_mistakes_are_told_at_once() -> None:
    style = one(paint={"circle-color": 1, "circle-radius": "x"}, minzoom=99)
    with pytest.raises(StyleInvalid) as raised:
        checked(style)
    paths = [one["path"] for one in raised.value.extra["problems"]]
    assert paths == [
        "/layers/0/minzoom",
        "/layers/0/paint/circle-color",
        "/layers/0/paint/circle-radius",
    ]


def test_nesting_has_an_end() -> None:
    value: Any = 1
    for _level in range(20):
        value = ["step", ["zoom"], value, 5, 2]
    [(place, _sentence)] = mistakes(one(paint={"circle-radius": value}))
    assert place.startswith("/layers/0/paint/circle-radius/2/2")
    assert place.count("/") == 13


def test_a_style_has_a_size() -> None:
    labels = ["文" * 300] * 400
    assert [at for at, _s in mistakes(one(metadata={"labels": labels}))] == [""]
