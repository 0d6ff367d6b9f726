"""The legend says what the map draws."""

from typing import Any

import pytest

from layers.styles.legend import legend, number, words_of
from layers.styles.making import categorised, default_style, graduated, label, symbols


def rows(style: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    return [(entry["label"], entry["symbol"][key]) for entry in legend(style, "地块", "Plots")]


def test_a_single_symbol_stands_for_the_layer() -> None:
    [entry] = legend({"layers": [*symbols("#112233", ["line"]), label("name")]}, "河流", "Rivers")
    assert (entry["type"], entry["label"], entry["label_en"]) == ("line", "河流", "Rivers")
    assert entry["symbol"]["line-color"] == "#112233"
    assert entry["symbol"]["line-dasharray"] is None


def test_classes_have_their_ranges_and_what_has_no_value() -> None:
    style = {
        "layers": symbols(
            graduated("n", [10, 2500000.0], ["#aaaaaa", "#bbbbbb", "#cccccc"]), ["fill"]
        )
    }
    assert rows(style, "fill-color") == [
        ("< 10", "#aaaaaa"),
        ("10 – 2500000", "#bbbbbb"),
        ("≥ 2500000", "#cccccc"),
        ("无数据", "#d9d9d9"),
    ]


def test_categories_have_their_values() -> None:
    style = {"layers": symbols(categorised("k", ["甲", 2], ["#aaaaaa", "#bbbbbb"]), ["circle"])}
    assert rows(style, "circle-color") == [("甲", "#aaaaaa"), ("2", "#bbbbbb"), ("其他", "#9a9a9a")]


def test_the_style_s_own_words_come_first_and_a_class_without_one_is_not_listed() -> None:
    layer = symbols(categorised("k", ["a", "b"], ["#aaaaaa", "#bbbbbb"]), ["circle"])[0]
    layer["metadata"] = {"title": "用途", "labels": ["住宅", "学校"], "labels_en": ["Housing"]}
    found = legend({"layers": [layer]}, "x")
    assert [(one["label"], one["label_en"], one.get("heading", False)) for one in found] == [
        ("用途", "", True),
        ("住宅", "Housing", False),
        ("学校", "", False),
    ]


def test_size_by_zoom_is_no_class() -> None:
    layer = {
        "type": "circle",
        "paint": {"circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2, 14, 8]},
    }
    assert rows({"layers": [layer]}, "circle-radius") == [("地块", 8)]


def test_size_by_value_is_one() -> None:
    layer = {
        "type": "circle",
        "paint": {"circle-radius": ["interpolate", ["linear"], ["get", "n"], 0, 2, 100, 8]},
    }
    assert rows({"layers": [layer]}, "circle-radius") == [("0", 2), ("100", 8)]


def test_what_is_hidden_or_asks_for_it_is_not_listed() -> None:
    hidden = {"type": "line", "layout": {"visibility": "none"}}
    unlisted = {"type": "line", "metadata": {"legend": False}}
    assert legend({"layers": [hidden, unlisted, label("name")]}, "x") == []
    assert [one["type"] for one in legend(default_style(), "x")] == ["fill", "line", "circle"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (["all", [">=", ["get", "层数"], 6], ["!", ["has", "k"]]], "层数 >= 6 & ¬(k)"),
        (["in", ["get", "k"], ["literal", ["a", 1]]], "k: a、1"),
        (["==", ["get", "k"], "a"], "k = a"),
    ],
)
def test_conditions_in_words(condition: list[Any], words: str) -> None:
    assert words_of(condition) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.8, "1234568"),
        (0.1 + 0.2, "0.3"),
        (12.0000000000002, "12"),
        (1e-7, "1e-07"),
        (0, "0"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text
