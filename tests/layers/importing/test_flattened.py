"""Curves come in as short lines and measures not at all, and both are told: of real files, made here by GDAL."""

import math
import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from gis_projects.geo.bbox import BBox
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.staging import StagedRow, opened, stage

CIRCULAR, COMPOUND, CURVE_POLYGON, MULTI_CURVE, MULTI_SURFACE = 8, 9, 10, 11, 12
CENTRE, RADIUS = (123.9, 47.3), 0.01
KINDS = {"Point", "LineString", "Polygon"}
DRIVERS = [("GPKG", ".gpkg"), ("FlatGeobuf", ".fgb")]
LEFT, TOP, RIGHT, BOTTOM = (
    (CENTRE[0] + RADIUS * x, CENTRE[1] + RADIUS * y) for x, y in ((-1, 0), (0, 1), (1, 0), (0, -1))
)


def positions(kind: int, corners: Sequence[tuple[float, ...]]) -> bytes:
    """WKB of a list of positions."""
    numbers = [number for corner in corners for number in corner]
    return struct.pack(f"<BII{len(numbers)}d", 1, kind, len(corners), *numbers)


def parts(kind: int, *members: bytes) -> bytes:
    return struct.pack("<BII", 1, kind, len(members)) + b"".join(members)


ARC = positions(CIRCULAR, [LEFT, TOP, RIGHT])
# A circle: the upper half as an arc, the lower as another.
CIRCLE = parts(COMPOUND, ARC, positions(CIRCULAR, [RIGHT, BOTTOM, LEFT]))
DISC = parts(CURVE_POLYGON, CIRCLE)
LINE = shapely.to_wkb(shapely.LineString([LEFT, RIGHT]))
CURVES = {
    "CIRCULARSTRING": (ARC, "LineString"),
    "COMPOUNDCURVE": (parts(COMPOUND, ARC, positions(2, [RIGHT, LEFT])), "LineString"),
    "CURVEPOLYGON": (DISC, "Polygon"),
    "MULTICURVE": (parts(MULTI_CURVE, ARC), "MultiLineString"),
    "MULTISURFACE": (parts(MULTI_SURFACE, DISC), "MultiPolygon"),
}


def written(path: Path, driver: str, blobs: Sequence[bytes]) -> Path:
    pyogrio.raw.write(
        str(path), np.array(blobs, dtype=object), [np.arange(len(blobs))], ["number"],
        driver=driver, geometry_type="Unknown", crs="EPSG:4490", layer="曲线",
    )  # fmt: skip
    return path


def staged(path: Path, city: BBox) -> tuple[list[StagedRow], list[Problem]]:
    with opened([path]) as source:
        found = [*source.warnings, *stage(source, kinds=KINDS, bbox=city)]  # type: ignore[arg-type]
    rows = [one for one in found if isinstance(one, StagedRow)]
    return rows, [one for one in found if isinstance(one, Problem)]


@pytest.mark.parametrize(("driver", "suffix"), DRIVERS)
@pytest.mark.parametrize("name", CURVES)
def test_a_curve_becomes_short_lines_and_is_told(
    tmp_path: Path, city: BBox, driver: str, suffix: str, name: str
) -> None:
    blob, kind = CURVES[name]
    rows, problems = staged(written(tmp_path / f"a{suffix}", driver, [LINE, blob]), city)
    assert [(one.code, one.params["count"]) for one in problems] == [(Code.CURVES_STRAIGHTENED, 1)]
    assert not problems[0].is_error
    made = max((row.geometry for row in rows), key=shapely.get_num_coordinates)
    assert made.geom_type == kind
    arc = np.array([at for at in shapely.get_coordinates(made) if at[1] > CENTRE[1] + 1e-9])
    assert len(arc) > 20
    assert np.allclose(np.hypot(*(arc - CENTRE).T), RADIUS, rtol=1e-9)


@pytest.mark.parametrize(("driver", "suffix"), DRIVERS)
def test_a_disc_keeps_its_area_but_for_the_width_of_its_lines(
    tmp_path: Path, city: BBox, driver: str, suffix: str
) -> None:
    ((row,), _problems) = staged(written(tmp_path / f"a{suffix}", driver, [DISC]), city)
    assert row.geometry.area == pytest.approx(math.pi * RADIUS**2, rel=2e-3)


def measured(folder: Path, suffix: str) -> Path:
    """Two lines with measures, by ogr2ogr: neither fiona nor pyogrio writes such layers."""
    if shutil.which("ogr2ogr") is None:
        pytest.skip("no ogr2ogr on this machine")
    text = folder / "a.csv"
    line = "LINESTRING M ({} {} 0, {} {} 1500)".format(*LEFT, *RIGHT)
    text.write_text(f'WKT,number\n"{line}",1\n"{line}",2\n')
    path = folder / f"a{suffix}"
    kind = ["-nlt", "LINESTRINGM", "-a_srs", "EPSG:4490"]
    subprocess.run(["ogr2ogr", *kind, str(path), str(text)], check=True)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".shp"])
def test_measures_are_told(tmp_path: Path, city: BBox, suffix: str) -> None:
    rows, problems = staged(measured(tmp_path, suffix), city)
    assert [(one.code, one.params["count"]) for one in problems] == [(Code.MEASURES_DROPPED, 2)]
    assert len(rows) == 2
    assert not rows[0].geometry.has_m


@pytest.mark.parametrize("count", [1, 16, 17, 300])
@pytest.mark.parametrize(("driver", "suffix"), DRIVERS)
def test_plain_lines_are_not_talked_about(
    tmp_path: Path, city: BBox, driver: str, suffix: str, count: int
) -> None:
    rows, problems = staged(written(tmp_path / f"a{suffix}", driver, [LINE] * count), city)
    assert len(rows) == count
    assert not problems


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_torn_flatgeobuf_is_refused_and_not_cut_short(tmp_path: Path, share: float) -> None:
    whole = written(tmp_path / "a.fgb", "FlatGeobuf", [ARC] * 20).read_bytes()
    torn = tmp_path / "torn.fgb"
    torn.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ImportRefused) as caught, opened([torn]):
        pass
    assert caught.value.problems[0].code is Code.DAMAGED_FILE
