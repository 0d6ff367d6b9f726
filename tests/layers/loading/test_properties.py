"""What a file says of a feature, as JSON that every database takes."""

import datetime as dt
import json
import math

import pytest

from layers.loading import properties


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (dt.date(2022, 1, 26), "2022-01-26"),
        (dt.datetime(2022, 1, 26, 8, 30), "2022-01-26T08:30:00"),
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(minutes=2), 120.0),
        (b"\x00\xff", "AP8="),
        (math.nan, None),
        (math.inf, None),
        (2**63 - 1, 2**63 - 1),
        (2**70, str(2**70)),
        ("half \ud800", "half ?"),
        ("nul \x00", "nul "),
        ({"a\x00": ["\x00", 2**70, (1, 2)]}, {"a": ["", str(2**70), [1, 2]]}),
        ("名称\t\\", "名称\t\\"),
    ],
)
def test_a_value_is_kept_as_json(value: object, kept: object) -> None:
    [text] = properties.texts([{"列": value}])
    assert json.loads(text) == {"列": kept}


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["OBJECTID", "NAME", "名称"], "名称"),
        (["Name"], "Name"),
        (["XZQMC", "MC"], "MC"),
        (["编码"], None),
        ([], None),
    ],
)
def test_the_column_of_names_is_found(columns: list[str], found: str | None) -> None:
    assert properties.name_column(columns) == found


def test_a_name_is_text_that_fits() -> None:
    rows = [{"mc": "甲" * 300}, {"mc": 12}, {"mc": None}, {}]
    assert properties.names(rows, "mc") == ["甲" * 200, "12", "", ""]
    assert properties.names(rows, None) == ["", "", "", ""]
