"""An archive holds, tile by tile, what each tile is alone."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pmtiles.tile import tileid_to_zxy

from gis_projects.geo.bbox import BBox
from gis_projects.geo.tile_matrix import tile_bbox, tile_side
from layers.mvt import TileLayer, encode_tile
from layers.pmtiles import plan
from layers.pmtiles.archive import Description
from layers.pmtiles.build import Drawing, build, no_marks
from layers.pmtiles.plan import Marks
from layers.pmtiles.spool import Spool, SpoolReader
from tests.layers.mvt.reading import read
from tests.layers.mvt.test_many import scattered
from tests.layers.pmtiles.verifying import verified

SHAPES = scattered(120, seed=4)[:-2]
IDS = np.arange(len(SHAPES), dtype=np.uint64) + 7
COLUMNS: dict[str, Any] = {
    "name": [None if row % 5 == 0 else f"项目{row % 11}" for row in range(len(SHAPES))],
    "area": np.where(np.arange(len(SHAPES)) % 3 == 0, np.nan, np.arange(len(SHAPES)) / 7),
}
MINZOOMS = np.array([6, 8, 9, 11], dtype=np.uint8)[np.arange(len(SHAPES)) % 4]
ZOOMS = range(6, 12)


def drawing(folder: Path, marks_of: Any = no_marks) -> Drawing:
    folder.mkdir(exist_ok=True)
    spool = Spool(folder)
    for first in range(0, len(SHAPES), 50):
        some = slice(first, first + 50)
        spool.add(SHAPES[some], IDS[some], {name: values[some] for name, values in COLUMNS.items()})
    return Drawing(folder, spool.finish(), "sites", MINZOOMS, marks_of, "sites_cells")


def described(zooms: range = ZOOMS) -> Description:
    return Description(BBox(122.4, 45.8, 126.7, 49.0), zooms, {"name": "工程"})


def test_each_tile_is_what_it_is_alone(tmp_path: Path) -> None:
    build(tmp_path / "a.pmtiles", drawing(tmp_path / "spool"), described(), processes=1)
    found = verified(tmp_path / "a.pmtiles")
    assert (found.header["minzoom"], found.header["maxzoom"]) == (6, 11)
    seen = set()
    for number, content in found.tiles.items():
        z, x, y = tileid_to_zxy(number)
        shown = MINZOOMS <= z
        columns = {name: np.array(values, dtype=object)[shown] for name, values in COLUMNS.items()}
        alone = encode_tile(
            [TileLayer("sites", SHAPES[shown], IDS[shown], columns)], tile_bbox(z, x, y)
        )
        one, other = read(gzip.decompress(content)), read(alone)
        assert [(f.id, f.kind, f.properties) for f in one["sites"]] == [
            (f.id, f.kind, f.properties) for f in other["sites"]
        ]
        seen |= {feature.id for feature in one["sites"]}
    assert seen == set(IDS.tolist())


def test_portions_and_processes_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    build(tmp_path / "one.pmtiles", drawing(tmp_path / "spool"), described(), processes=1)
    monkeypatch.setattr(plan, "MAX_VERTICES", 300)
    build(
        tmp_path / "two.pmtiles",
        drawing(tmp_path / "other"),
        described(),
        processes=2,
        progress=told.append,
    )
    one, two = (verified(tmp_path / name) for name in ("one.pmtiles", "two.pmtiles"))
    assert one.tiles.keys() == two.tiles.keys()
    for number in one.tiles:
        ours, theirs = (read(gzip.decompress(found.tiles[number]))["sites"] for found in (one, two))
        assert [(f.id, f.kind, f.properties) for f in ours] == [
            (f.id, f.kind, f.properties) for f in theirs
        ]
    assert told == sorted(told)
    assert len(told) > 5
    assert told[-1] == 1.0


def test_marks_stand_beside_the_features_and_alone(tmp_path: Path) -> None:
    side = tile_side(8)
    far = np.array([[side * 0.5, side * 0.5], [side * 0.6, side * 0.5]])

    def marks_of(z: int) -> Marks:
        return Marks(far, {"count": np.array([3, 4])}) if z == 8 else no_marks(z)

    build(tmp_path / "a.pmtiles", drawing(tmp_path / "spool", marks_of), described(), processes=1)
    (found,) = [
        read(gzip.decompress(content))
        for number, content in verified(tmp_path / "a.pmtiles").tiles.items()
        if tileid_to_zxy(number) == (8, 128, 127)
    ]
    assert list(found) == ["sites_cells"]
    assert [one.properties["count"] for one in found["sites_cells"]] == [
        ("uint_value", 3),
        ("uint_value", 4),
    ]
    assert found["sites_cells"][0].parts == [[(2048, 2048)]]


def test_who_stops_the_work_finds_no_archive(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        build(
            tmp_path / "a.pmtiles",
            drawing(tmp_path / "spool"),
            described(),
            processes=1,
            progress=stop,
        )
    assert [one.name for one in tmp_path.iterdir()] == ["spool"]


def test_nothing_to_draw_is_refused(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    nothing = Drawing(tmp_path, spool.finish(), "s", np.empty(0, dtype=np.uint8), no_marks, "c")
    with pytest.raises(ValueError, match="at least one"):
        build(tmp_path / "a.pmtiles", nothing, described(), processes=1)


def test_a_spool_gives_back_what_came_with_columns_that_came_late(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    points = np.array([shapely.Point(1, 2), shapely.Point(3, 4)])
    spool.add(points, np.array([8, 9], dtype=np.uint64), {"name": ["甲", None]})
    spool.add(points[:1], np.array([10], dtype=np.uint64), {"year": [2026], "name": ["甲"]})
    index = spool.finish()
    assert index.names == ["name", "year"]
    assert index.bounds.tolist() == [[1, 2, 1, 2], [3, 4, 3, 4], [1, 2, 1, 2]]
    geometries, ids, properties = SpoolReader(tmp_path, index.names).read(np.array([0, 1, 2]))
    assert geometries.tolist() == [*points, points[0]]
    assert ids.tolist() == [8, 9, 10]
    assert properties.codes.tolist() == [[0, -1], [-1, -1], [0, 1]]
    assert len(properties.values) == 2
