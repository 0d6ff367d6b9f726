"""Heights: kept or left out as a person says, and told where they cannot be kept."""

import math
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import transform
from layers.importing.handling import Handling
from layers.importing.heights import are_numbers, laid_flat, raised
from layers.importing.problems import Code, Problem
from layers.importing.staging import StagedRow, opened, stage

KEEP = Handling(heights="keep")
RING = [(123.9, 47.3, 140.5), (123.9, 47.31, 141.0), (123.91, 47.31, 142.0), (123.91, 47.3, 141.5)]
SHAPES = {
    "Point": Point(123.9, 47.3, 147.25),
    "LineString": LineString(RING),
    "Polygon": Polygon(RING),
    "MultiPolygon": shapely.MultiPolygon([Polygon(RING)]),
}
# A spike that is cut off without a change of area.
SPIKED = Polygon([*RING[:2], (123.9, 47.32, 9.0), *RING[1:]])


def staged(path: Path, city: BBox, handling: Handling) -> tuple[list[StagedRow], list[Problem]]:
    with opened([path]) as source:
        found = [
            *source.warnings,
            *stage(source, kinds={"Point", "LineString", "Polygon"}, bbox=city, handling=handling),
        ]
    rows = [one for one in found if isinstance(one, StagedRow)]
    return rows, [one for one in found if isinstance(one, Problem)]


def written(path: Path, driver: str, shapes: list[Any], srid: int = 4490) -> Path:
    kind = "3D " + shapes[0].geom_type
    schema = {"geometry": kind, "properties": {"number": "int"}}
    with fiona.open(path, "w", driver=driver, schema=schema, crs=f"EPSG:{srid}") as out:
        for number, shape in enumerate(shapes):
            geometry = shapely.geometry.mapping(shape)
            out.write({"type": "Feature", "geometry": geometry, "properties": {"number": number}})
    return path


def text_of(path: Path, shape: Any) -> Path:
    if path.suffix == ".csv":
        path.write_text(f'number,WKT\n1,"{shape.wkt}"\n', encoding="utf-8")
    elif path.suffix == ".geojson":
        path.write_text(shapely.to_geojson(shape))
    else:
        corners = " ".join(",".join(map(str, at)) for at in shape.coords)
        body = f"<{shape.geom_type}><coordinates>{corners}</coordinates></{shape.geom_type}>"
        head = '<kml xmlns="http://www.opengis.net/kml/2.2">'
        path.write_text(f"{head}<Placemark>{body}</Placemark></kml>")
    return path


def heights(shape: Any) -> list[float]:
    found: list[float] = shapely.get_coordinates(shape, include_z=True)[:, 2].tolist()
    return sorted(found)


@pytest.mark.parametrize(
    ("driver", "suffix"),
    [("GPKG", ".gpkg"), ("FlatGeobuf", ".fgb"), ("ESRI Shapefile", ".shp")],
)
@pytest.mark.parametrize("kind", SHAPES)
def test_they_are_kept_as_they_came(
    tmp_path: Path, city: BBox, driver: str, suffix: str, kind: str
) -> None:
    if suffix == ".shp" and kind == "MultiPolygon":
        kind = "Polygon"  # the format knows no other
    shape = SHAPES[kind]
    path = written(tmp_path / f"a{suffix}", driver, [shape])
    ((row,), problems) = staged(path, city, KEEP)
    assert not problems
    assert not row.geometry.has_z
    assert row.surveyed is not None
    assert heights(row.surveyed) == heights(shape)
    assert shapely.force_2d(row.surveyed).equals_exact(row.geometry, 0.0)


@pytest.mark.parametrize("suffix", [".geojson", ".csv", ".kml"])
def test_texts_have_heights_too(tmp_path: Path, city: BBox, suffix: str) -> None:
    shape = SHAPES["LineString"]
    ((row,), problems) = staged(text_of(tmp_path / f"a{suffix}", shape), city, KEEP)
    assert {one.code for one in problems} <= {Code.CRS_GUESSED}
    assert row.whole.has_z
    assert heights(row.whole) == heights(shape)


def test_they_are_left_out_and_told_unless_somebody_wants_them(tmp_path: Path, city: BBox) -> None:
    path = written(tmp_path / "a.gpkg", "GPKG", [SHAPES["Polygon"]] * 3)
    rows, problems = staged(path, city, Handling())
    assert [row.surveyed for row in rows] == [None] * 3
    assert not rows[0].whole.has_z
    assert [(one.code, one.params["count"]) for one in problems] == [(Code.HEIGHTS_DROPPED, 3)]


def test_a_place_is_converted_and_its_height_is_not(tmp_path: Path, city: BBox) -> None:
    there = transform(shapely.force_2d(SHAPES["Polygon"]), 4490, 4529)
    high = raised(np.array([there]), np.array([SHAPES["Polygon"]]), np.array([True]))
    path = written(tmp_path / "a.gpkg", "GPKG", list(high), 4529)
    ((row,), _problems) = staged(path, city, KEEP)
    assert heights(row.whole) == heights(SHAPES["Polygon"])
    assert shapely.hausdorff_distance(row.whole, SHAPES["Polygon"]) < 1e-9


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("handling", [KEEP, Handling()])
def test_heights_that_are_no_numbers_are_told(
    tmp_path: Path, city: BBox, odd: float, handling: Handling
) -> None:
    line = LineString([RING[0], (123.95, 47.35, odd)])
    path = written(tmp_path / "a.gpkg", "GPKG", [line, LineString(RING)])
    rows, problems = staged(path, city, handling)
    assert len(rows) == 2
    assert rows[0].surveyed is None
    assert (rows[1].surveyed is not None) == (handling is KEEP)
    told = {one.code: one.params["count"] for one in problems}
    assert told[Code.ODD_HEIGHTS] == 1
    assert (Code.HEIGHTS_DROPPED in told) == (handling is not KEEP)


def test_a_repaired_outline_has_no_heights_and_that_is_told(tmp_path: Path, city: BBox) -> None:
    path = written(tmp_path / "a.gpkg", "GPKG", [SPIKED, Polygon(RING)])
    rows, problems = staged(path, city, KEEP)
    assert [row.whole.has_z for row in rows] == [False, True]
    assert {one.code for one in problems} == {Code.REPAIRED, Code.HEIGHTS_DROPPED}


def test_a_flat_drawing_has_no_heights() -> None:
    level, high = Point(1, 2, 0), Point(1, 2, 3)
    found = laid_flat(np.array([level, high, Point(1, 2), None]))
    assert [shape is not None and shape.has_z for shape in found] == [False, True, False, False]


@given(st.lists(st.floats(width=32), min_size=2, max_size=8))
def test_only_finite_heights_are_numbers(values: list[float]) -> None:
    line = shapely.linestrings([(at, at, value) for at, value in enumerate(values)])
    flat = LineString([(0, 0), (1, 1)])
    expected = all(map(math.isfinite, values))
    assert are_numbers(np.array([line, flat, None])).tolist() == [expected, True, True]


@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(-500, 9000)),
        min_size=2,
        max_size=20,
    )
)
def test_raising_puts_each_height_on_its_own_corner(corners: list[tuple[float, ...]]) -> None:
    line = LineString(corners)
    flat = np.array([shapely.force_2d(line), Point(1, 1)])
    found = raised(flat, np.array([line, Point(1, 1)]), np.array([True, False]))
    assert found[1] is None
    assert np.array_equal(shapely.get_coordinates(found[0], include_z=True), np.array(corners))
