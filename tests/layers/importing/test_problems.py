"""Every code has a sentence, and a sentence names its place."""

import pytest

from layers.importing.problems import SENTENCES, Code, Problem

PARAMS = {
    "found": "x", "part": ".shx", "entry": "x", "reason": "x", "limit": 1, "choices": ["a", "b"],
    "layer": "x", "name": "x", "crs": "x", "candidates": ["a"], "x": 1, "y": 2, "wanted": "x",
    "lon": 1, "lat": 2, "count": 3, "value": "x", "encoding": "x", "key": "x",
    "metres": 550, "share": "0.01 %", "members": ["bbox"], "km": 226, "area": "x", "how": "x",
}  # fmt: skip


@pytest.mark.parametrize("code", list(Code))
def test_it_has_a_sentence_for_every_code(code: Code) -> None:
    assert code in SENTENCES
    sentence = Problem(code, file="a.shp", feature=3, field="名称", params=PARAMS).sentence()
    assert "%(" not in sentence
    for word in ("a.shp", "3", "名称"):
        assert word in sentence


def test_it_names_only_the_places_that_it_has() -> None:
    problem = Problem(Code.MISSING_CODE)
    assert problem.sentence() == "There is no code."
    assert problem.at(file="a.shp").sentence() == "a.shp: There is no code."
    assert "“code”" in problem.at(file="a.shp", field="code").sentence()


def test_it_joins_what_there_is_to_choose_from() -> None:
    problem = Problem(Code.SEVERAL_LAYERS, params={"choices": ["一", "二"]})
    assert "一, 二" in problem.message()
