"""What attributes become, and that each value is told once."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
import shapely

from layers.mvt import TileLayer, encode_tile
from layers.mvt.varint import encode, one, widths, zigzag
from tests.layers.mvt.tile import BBOX, encoded, geometries


def properties(values: Any) -> list[Any]:
    shapes = [shapely.Point(n, n) for n in range(len(values))]
    return [one.properties.get("value") for one in encoded(*shapes, columns={"value": values})]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("龙沙区", ("string_value", "龙沙区")),
        ("", ("string_value", "")),
        (True, ("bool_value", True)),
        (False, ("bool_value", False)),
        (0, ("uint_value", 0)),
        (2**63 + 1, ("uint_value", 2**63 + 1)),
        (-3, ("sint_value", -3)),
        (-(2**63), ("sint_value", -(2**63))),
        (0.1, ("double_value", 0.1)),
        (1e300, ("double_value", 1e300)),
        (np.float32(0.5), ("float_value", 0.5)),
        (np.int16(-4), ("sint_value", -4)),
        (np.bool_(True), ("bool_value", True)),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_value_keeps_its_kind(value: Any, read: Any) -> None:
    assert properties([value]) == [read]


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (np.array([3, -1, 3]), [("uint_value", 3), ("sint_value", -1), ("uint_value", 3)]),
        (np.array([0.5, np.nan, np.inf]), [("double_value", 0.5), None, None]),
        (np.array([0.5, np.nan], dtype="f4"), [("float_value", 0.5), None]),
        (np.array([True, False]), [("bool_value", True), ("bool_value", False)]),
        (np.array(["甲", "乙"]), [("string_value", "甲"), ("string_value", "乙")]),
        (np.array([2**64 - 1], dtype="u8"), [("uint_value", 2**64 - 1)]),
        (np.array([None, "a"], dtype=object), [None, ("string_value", "a")]),
    ],
)  # fmt: skip
def test_arrays_keep_theirs(values: Any, read: list[Any]) -> None:
    assert properties(values) == read


def test_equal_values_of_different_kinds_stay_apart() -> None:
    kinds = [
        ("uint_value", 1),
        ("bool_value", True),
        ("double_value", 1.0),
        None,
        ("string_value", "1"),
    ]
    assert properties([1, True, 1.0, None, "1"]) == kinds


def test_a_value_is_told_once_for_all_columns() -> None:
    same = ["同样的值"] * 9
    layer = TileLayer("s", geometries(*[shapely.Point(1, 1)] * 9), None, {"a": same, "b": same})
    assert encode_tile([layer], BBOX).count("同样的值".encode()) == 1


def test_values_of_features_outside_are_not_told() -> None:
    layer = TileLayer(
        "s",
        geometries(shapely.Point(1, 1), shapely.Point(9999, 1)),
        None,
        {"a": ["here", None], "b": [None, "away"]},
    )
    content = encode_tile([layer], BBOX)
    assert b"here" in content
    assert b"away" not in content


@pytest.mark.parametrize("value", [dt.date(2026, 1, 1), b"bytes", ["list"], {"a": 1}, 1j])
def test_another_kind_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="text, numbers and truth values"):
        properties([value, 1, "a"])


def test_a_whole_number_beyond_64_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        properties([2**64])


def test_ids_of_all_sizes_are_kept_and_may_be_missing() -> None:
    ids = [0, 1, 127, 128, 2**32, 2**64 - 1]
    shapes = [shapely.Point(1, 1)] * len(ids)
    assert [one.id for one in encoded(*shapes, ids=np.array(ids, dtype=np.uint64))] == ids
    assert [one.id for one in encoded(*shapes)] == [None] * len(ids)


def test_varints_are_those_of_protocol_buffers() -> None:
    values = [0, 1, 127, 128, 300, 2**14, 2**21 - 1, 2**35, 2**63, 2**64 - 1]
    assert encode(np.array(values, dtype=np.uint64)) == b"".join(map(one, values))
    assert widths(np.array(values, dtype=np.uint64)).tolist() == [
        len(one(value)) for value in values
    ]
    assert one(300) == b"\xac\x02"
    assert zigzag(np.array([0, -1, 1, -2, 2**31, -(2**31)])).tolist() == [
        0,
        1,
        2,
        3,
        2**32,
        2**32 - 1,
    ]
