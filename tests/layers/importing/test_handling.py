"""What a person says of coordinates, and what the numbers say themselves: axes, datums, shifts, repairs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import parse_crs, transform
from gis_projects.geo.gcj02 import Offset, shift
from layers.importing.crs_guess import Bounds, decide, turned
from layers.importing.displaced import suspect
from layers.importing.handling import Handling
from layers.importing.problems import Code, Problem
from layers.importing.repair import repaired
from layers.importing.source import CHUNK, Chunk, Source
from layers.importing.staging import StagedChunk, StagedRow, opened, stage, stage_chunks
from tests.layers.importing.samples import Column, shapefile

PLACE = box(123.9, 47.3, 124.0, 47.4)
FORMS = [4490, 4326, 4529, 4530, 4550, 4551, 4499, 4510, 32651, 3857]


def in_crs(srid: int) -> Bounds:
    west, south, east, north = transform(PLACE, 4326, srid).bounds
    return west, south, east, north


@pytest.mark.parametrize("srid", FORMS)
def test_a_stated_crs_with_its_axes_exchanged_is_seen(city: BBox, srid: int) -> None:
    stated = parse_crs(srid).wkt
    straight = decide(stated, in_crs(srid), city)
    assert straight.crs is not None and not straight.swapped
    decision = decide(stated, turned(in_crs(srid)), city)
    assert decision.crs is not None
    assert decision.swapped
    assert [one.code for one in decision.problems] == [Code.AXES_SWAPPED]


@pytest.mark.parametrize("srid", [4529, 4530, 4499, 4326])
def test_numbers_alone_with_their_axes_exchanged_are_read(city: BBox, srid: int) -> None:
    decision = decide(None, turned(in_crs(srid)), city)
    assert decision.crs is not None and decision.swapped
    assert Code.AXES_SWAPPED in {one.code for one in decision.problems}


def test_a_person_may_say_that_axes_are_exchanged(city: BBox) -> None:
    decision = decide(None, turned(in_crs(4529)), city, handling=Handling(swap=True))
    assert decision.swapped
    assert decision.crs is not None and decision.crs.srid == 4529


def test_a_prefix_that_contradicts_the_stated_zone_is_refused_with_what_fits(city: BBox) -> None:
    decision = decide(parse_crs(4550).wkt, in_crs(4529), city)
    assert decision.crs is None
    assert [one.code for one in decision.problems] == [Code.WRONG_CRS]
    assert [info.srid for info in decision.candidates] == [4529]


def test_a_neighbours_data_is_outside_and_not_of_another_crs(city: BBox) -> None:
    bounds = transform(box(121.2, 47.3, 121.3, 47.4), 4326, 4549).bounds
    west, south, east, north = bounds
    decision = decide(parse_crs(4549).wkt, (west, south, east, north), city)
    assert decision.crs is not None and decision.crs.srid == 4549


def test_the_two_meridians_are_226_kilometres_apart(city: BBox) -> None:
    easting, northing = 500_000.0, 5_240_000.0
    places = [transform(Point(easting, northing), srid) for srid in (4550, 4551)]
    from gis_projects.geo.measure import length_m

    assert length_m(LineString(places)) == pytest.approx(226_000, abs=1_500)


# Xian 80, Beijing 54, New Beijing: geographic, three degrees with and without prefix, six degrees.
NULL_DATUMS = [4610, 2365, 2386, 2334, 4214, 2417, 2438, 21421, 4555]


@pytest.mark.parametrize("srid", NULL_DATUMS)
def test_a_datum_without_parameters_needs_a_word(city: BBox, srid: int) -> None:
    bounds = in_crs(srid)
    refused = decide(f"EPSG:{srid}", bounds, city)
    assert refused.crs is None
    assert [one.code for one in refused.problems] == [Code.NULL_DATUM_CRS]
    taken = decide(f"EPSG:{srid}", bounds, city, handling=Handling(accept_datum=True))
    assert taken.crs is not None and taken.crs.null_datum
    assert [(one.code, one.is_error) for one in taken.problems] == [(Code.DATUM_ACCEPTED, False)]


def rows_of(path: Path, city: BBox, **how: object) -> tuple[list[StagedRow], list[Problem]]:
    with opened([path]) as source:
        found = list(
            stage(source, kinds={"Polygon"}, bbox=city, handling=Handling(**how))  # type: ignore[arg-type]
        )
    rows = [one for one in found if isinstance(one, StagedRow)]
    return rows, [one for one in found if isinstance(one, Problem)]


def drawn(folder: Path, *rings: list[tuple[float, float]], crs: int = 4490) -> Path:
    records = [[f"A-{number}"] for number in range(len(rings))]
    return shapefile(folder, list(rings), records, columns=(Column("code"),), name="a", crs=crs)


RING = [(123.9, 47.3), (123.9, 47.31), (123.91, 47.31), (123.91, 47.3), (123.9, 47.3)]


def test_an_accepted_datum_stands_with_each_geometry(tmp_path: Path, city: BBox) -> None:
    path = drawn(tmp_path, RING, crs=4610)
    assert rows_of(path, city)[0] == []
    ((row,), _problems) = rows_of(path, city, accept_datum=True)
    assert row.source_crs.startswith("datum ±90 m, EPSG:4610 ")
    assert len(row.source_crs) <= 80


@pytest.mark.parametrize(("offset", "name"), [("gcj02", "GCJ-02"), ("bd09", "BD-09")])
def test_a_web_maps_shift_is_taken_back_and_recorded(
    tmp_path: Path, city: BBox, offset: Offset, name: str
) -> None:
    moved = [tuple(pair) for pair in shift(np.array(RING), offset).tolist()]
    ((row,), _problems) = rows_of(drawn(tmp_path, moved), city, offset=offset)  # type: ignore[arg-type]
    assert row.source_crs.startswith(name)
    assert row.geometry.equals_exact(Polygon(RING), 1e-11) or row.geometry.normalize().equals_exact(
        Polygon(RING).normalize(), 1e-11
    )


SPIKE = [*RING[:2], (123.9, 47.32), *RING[1:]]
BOW = [(123.9, 47.3), (123.91, 47.31), (123.91, 47.3), (123.9, 47.31), (123.9, 47.3)]


def test_a_spike_is_cut_off_and_told(tmp_path: Path, city: BBox) -> None:
    rows, problems = rows_of(drawn(tmp_path, RING, SPIKE), city)
    assert len(rows) == 2 and all(row.geometry.is_valid for row in rows)
    assert [(one.code, one.feature, one.is_error) for one in problems] == [
        (Code.REPAIRED, 2, False)
    ]
    assert problems[0].params["share"] == "0.0000 %"


def test_a_bow_tie_is_for_a_person_to_look_at(tmp_path: Path, city: BBox) -> None:
    rows, problems = rows_of(drawn(tmp_path, RING, BOW), city)
    assert len(rows) == 1
    assert [(one.code, one.feature) for one in problems] == [(Code.INVALID_GEOMETRY, 2)]


def test_no_share_repairs_nothing() -> None:
    assert repaired(Polygon(SPIKE), 0) is None
    assert repaired(Polygon(BOW), 0.5) is None


def test_a_change_that_leaves_the_area_alone_is_still_a_change() -> None:
    """A loop run through twice counts twice before and once afterwards; a hole far outside makes up for that."""
    ring = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
    loop = [(2, 2), (3, 2), (3, 3), (2, 3), (2, 2)]
    outside = [(19, 4), (19.5, 4), (19.5, 5), (19, 5)]
    odd = Polygon([*ring, *loop, (0, 0)], [outside])
    made = shapely.make_valid(odd, method="structure", keep_collapsed=False)
    assert made.area == pytest.approx(odd.area)
    assert repaired(odd, 0.005) is None
    found = repaired(odd, 0.02)
    assert found is not None
    assert found[1] == pytest.approx(1 / odd.area)


def test_what_collapses_is_not_repaired() -> None:
    assert repaired(Polygon([(0, 0), (1, 1), (2, 2), (0, 0)]), 1.0) is None


def some(count: int, move: np.ndarray | None = None) -> np.ndarray:
    lon, lat = np.linspace(123.5, 124.5, count), np.linspace(47.0, 47.5, count)
    places = np.column_stack([lon, lat])
    made: np.ndarray = shapely.buffer(shapely.points(places if move is None else move), 0.001)
    return made


@pytest.mark.parametrize("offset", ["gcj02", "bd09"])
def test_features_that_a_web_map_moved_are_suspected(offset: Offset) -> None:
    places = np.column_stack([np.linspace(123.5, 124.5, 9), np.linspace(47.0, 47.5, 9)])
    found = suspect(some(9, shift(places, offset)), some(9))
    assert found is not None
    assert found.offset == offset
    assert found.metres > 400


def test_what_moved_by_itself_is_not_suspected() -> None:
    places = np.column_stack([np.linspace(123.5, 124.5, 9), np.linspace(47.0, 47.5, 9)])
    assert suspect(some(9), some(9)) is None
    assert suspect(some(9, places + np.array([0.005, 0.0])), some(9)) is None
    assert suspect(some(9, places + np.array([0.0, -0.02])), some(9)) is None
    assert suspect(some(2, shift(places[:2], "bd09")), some(2)) is None


def test_what_only_touches_must_still_lie_in_degrees_that_there_are(city: BBox) -> None:
    far = Polygon([(124, 47), (500, -95), (125, 48)])
    good, bad = _Parts([PLACE, far]).staged(city)
    assert good.geometry.equals(PLACE)
    assert isinstance(bad, Problem)
    assert bad.code is Code.OUTSIDE


class _Parts(Source):
    """A chunk for each geometry, in EPSG:4490: only the first decides the CRS."""

    def __init__(self, geometries: list[Polygon]) -> None:
        self.file = self.layer = "a.gpkg"
        self.crs_text = "EPSG:4490"
        self._geometries = geometries

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        for number, geometry in enumerate(self._geometries, start=1):
            column = np.array([geometry], dtype=object)
            yield Chunk(np.array([number]), [str(number)], column, np.zeros(1, bool), [{}])

    def staged(self, city: BBox) -> list[Any]:
        found = stage_chunks(self, kinds=None, bbox=city, place="touching")
        return [row for one in found if isinstance(one, StagedChunk) for row in one.rows()]
