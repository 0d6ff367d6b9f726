"""Invented tables for these tests: any text, number, date and geometry that a database may hold."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from layers.exporting.table import Column, Row, Table

COLUMNS = [
    Column("code", "编码"),
    Column("remark_of_the_bureau", "备注说明"),
    Column("remark_of_the_planner", "规划备注"),
    Column("households", "户数", "int", "户"),
    Column("investment", "总投资", "float", "万元"),
    Column("started", "开工日期", "date"),
    Column("published", "是否公开", "bool"),
]
_degrees = st.integers(0, 3_000_000_000)
# Steps of 1e-9 degrees, which every format keeps.
_places = st.tuples(
    _degrees.map(lambda n: round(123 + n / 1e9, 9)), _degrees.map(lambda n: round(46 + n / 2e9, 9))
)


def points() -> st.SearchStrategy[BaseGeometry]:
    return _places.map(Point)


def lines() -> st.SearchStrategy[BaseGeometry]:
    return st.lists(_places, min_size=2, max_size=5, unique=True).map(LineString)


def polygons() -> st.SearchStrategy[BaseGeometry]:
    def around(place: tuple[float, float]) -> BaseGeometry:
        x, y = place
        return box(x, y, round(x + 0.01, 9), round(y + 0.01, 9))

    def two(place: tuple[float, float]) -> BaseGeometry:
        return MultiPolygon([around(place), around((place[0] + 0.02, place[1]))])

    return st.one_of(_places.map(around), _places.map(two))


def texts(encoding: str = "utf-8") -> st.SearchStrategy[str]:
    """Texts of at most 60 characters without control characters; not only of blanks, which a DBF fills up with."""
    characters = st.characters(codec=encoding, exclude_categories=["C", "Z"])
    return st.text(
        st.one_of(characters, st.sampled_from("龙沙区=+-@'\",;<&")), min_size=1, max_size=60
    )


def rows(
    geometries: st.SearchStrategy[BaseGeometry], encoding: str = "utf-8"
) -> st.SearchStrategy[list[Row]]:
    """At least one row, each of whose values may be missing."""
    words = texts(encoding)
    values: list[st.SearchStrategy[Any]] = [
        st.none() | words,
        st.none() | words,
        st.none() | st.integers(-(10**14), 10**14),
        st.none()
        | st.floats(-1e12, 1e12, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-6),
        st.none() | st.dates(dt.date(1950, 1, 1), dt.date(2199, 12, 31)),
        st.none() | st.booleans(),
    ]
    row = st.builds(
        lambda geometry, code, rest: Row(geometry, [code, *rest]),
        geometries,
        words,
        st.tuples(*values),
    )
    return st.lists(row, min_size=1, max_size=4)


def table(found: list[Row], columns: list[Column] = COLUMNS, label: str = "") -> Table:
    return Table("plots", columns, found, label)
