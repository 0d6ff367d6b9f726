"""Which column is taken for which field, whatever a DBF has left of its name."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from projects.importing import suggest_mapping
from projects.importing.values import Unfit, as_date, as_money, as_text, as_type
from projects.models import Programme
from tests.projects.importing.conftest import SCHEMA

ESTATES = Programme(attribute_schema=SCHEMA)


def cut(name: str, encoding: str) -> str:
    """What a DBF leaves of a name: ten bytes, without half a character."""
    return name.encode(encoding)[:10].decode(encoding, "ignore")


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("编号", "code"),
        ("TBBH", "code"),
        (" Code ", "code"),
        ("县市区", "district"),
        ("households", "attributes.households"),
        ("户数", "attributes.households"),
        (cut("治理面积亩数", "gb18030"), "attributes.treated_area_mu"),
        (cut("治理面积亩数", "utf-8"), "attributes.treated_area_mu"),
        (cut("项目编号", "utf-8"), "code"),
        (cut("实际竣工", "utf-8"), "actual_end"),
        ("治理", None),
        ("备注", None),
    ],
)
def test_a_column_finds_its_field(column: str, target: str | None) -> None:
    assert suggest_mapping(ESTATES, [column]) == ({column: target} if target else {})


def test_the_first_of_two_columns_for_one_field_is_taken() -> None:
    assert suggest_mapping(ESTATES, ["编号", "编码"]) == {"编号": "code"}


def test_a_cut_name_that_fits_two_titles_is_left_alone() -> None:
    titles = {"a": {"title": "治理面积上报数"}, "b": {"title": "治理面积上报日"}}
    programme = Programme(attribute_schema={"properties": titles})
    assert suggest_mapping(programme, [cut("治理面积上报数", "gb18030")]) == {}


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2022, 5, 3), dt.datetime(2022, 5, 3, 8), "20220503", "2022-05-03", "2022/5/3", "2022.5.3",
        "2022年5月3日", "2022-05-03T00:00:00Z", 20220503, 20220503.0,
    ],
)  # fmt: skip
def test_a_date_is_read_in_each_spelling(value: Any) -> None:
    assert as_date(value) == dt.date(2022, 5, 3)


@pytest.mark.parametrize(
    "value", ["2022", "2022-02-31", "20221301", "五月", "2022-05", "3/5/2022", 5]
)
def test_what_is_no_date_is_no_date(value: Any) -> None:
    with pytest.raises(Unfit):
        as_date(value)


def test_money_has_two_decimals() -> None:
    assert as_money("1234.5") == Decimal("1234.50")
    assert as_money(7.0) == Decimal("7.00")
    for value in ("many", "NaN", "Infinity", 10**12, "1,5"):
        with pytest.raises(Unfit):
            as_money(value)


def test_a_number_in_a_text_column_is_a_word_without_decimals() -> None:
    assert as_text(5.0, 10) == "5"
    assert as_text(" 演示 ", 2) == "演示"


@pytest.mark.parametrize(
    ("value", "wanted", "expected"),
    [
        ("5", "integer", 5), (5.0, "integer", 5), (5.5, "integer", 5.5), ("5.5", "integer", "5.5"),
        ("5.5", "number", 5.5), ("x", "number", "x"), (3, "string", "3"), (True, "string", True),
        ("是", "boolean", True), ("无", "boolean", False), (0, "boolean", False), (2, "boolean", 2),
        (dt.date(2022, 5, 3), "string", "2022-05-03"), ("1e400", "number", "1e400"),
        (" 甲 ", "string", "甲"), (str(2**60), "integer", str(2**60)),
    ],
)  # fmt: skip
def test_a_value_becomes_what_the_schema_asks_for_or_stays(
    value: Any, wanted: str, expected: Any
) -> None:
    found = as_type(value, wanted)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_is_infinite(value: float) -> None:
    with pytest.raises(Unfit):
        as_type(value, "number")
