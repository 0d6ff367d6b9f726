"""The committed shapefiles: what the generator writes, and what the report's promises need."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings

from gis_projects.geo import measure
from gis_projects.geo.crs import parse_crs, transform
from layers.importing.staging import opened
from projects.demo import manifest
from projects.demo.shapes import shapefile
from projects.demo.shapes.catalogue import datasets
from projects.demo.shapes.dataset import Dataset, DemoSite
from projects.demo.shapes.generate import generate
from projects.demo.shapes.greening import TWINS
from projects.demo.shapes.ground import Ground
from projects.demo.shapes.river import chainage
from projects.demo.shapes.shapefile import Column, Table

CITY = settings.BASE_DIR / "cities" / "qiqihar"
DATA = settings.BASE_DIR / "data" / "shapefiles"
SITES = {
    "mine_restore": 44, "greening": 200, "shanshui": 4, "nen_eco": 11, "soil_watershed": 11, "water_source": 10,
    "pipe_renew": 183, "fufa_heat": 6, "wwtp3": 1, "sludge_power": 1, "old_estate": 94, "shanty": 14, "sgyy": 8,
    "renewable": 26, "boiler": 12, "kindergarten": 6, "school_repair": 18, "vocational_park": 2, "elder_univ": 20,
    "day_care": 208, "childcare": 24, "fitness": 26, "culture": 80, "creative_park": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground.load(CITY)


@pytest.fixture(scope="module")
def made(ground: Ground) -> list[Dataset]:
    return datasets(ground)


@pytest.fixture(scope="module")
def by_programme(made: list[Dataset]) -> dict[str, list[DemoSite]]:
    found: dict[str, list[DemoSite]] = {}
    for one in made:
        found.setdefault(one.programme, []).extend(one.sites)
    return found


@pytest.fixture(scope="module")
def committed() -> manifest.Manifest:
    return manifest.read(DATA)


def _sum(sites: list[DemoSite], key: str) -> float:
    return sum(float(site.attributes.get(key) or 0) for site in sites)


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    generate(CITY, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in DATA.iterdir())
    different = [
        name for name in names if (tmp_path / name).read_bytes() != (DATA / name).read_bytes()
    ]
    assert different == []


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 3_000_000


def test_each_programme_has_its_sites(by_programme: dict[str, list[DemoSite]]) -> None:
    assert {key: len(sites) for key, sites in by_programme.items()} == SITES


def test_codes_are_used_once_and_names_say_that_they_are_invented(
    by_programme: dict[str, list[DemoSite]],
) -> None:
    for sites in by_programme.values():
        assert [
            code for code, count in Counter(site.code for site in sites).items() if count > 1
        ] == []
    assert all(site.name.startswith("演示·") for sites in by_programme.values() for site in sites)


def test_everything_is_valid_and_in_its_district(made: list[Dataset], ground: Ground) -> None:
    for one in made:
        for site in one.sites:
            assert site.geom.is_valid, site.code
            assert ground.districts[site.district].contains(site.geom), site.code


def test_only_the_two_noted_polygons_share_ground(by_programme: dict[str, list[DemoSite]]) -> None:
    shared = []
    for sites in by_programme.values():
        polygons = [site for site in sites if site.geom.geom_type == "Polygon"]
        tree = shapely.STRtree([site.geom for site in polygons])
        for index, site in enumerate(polygons):
            for other in tree.query(site.geom, predicate="intersects"):
                if other > index:
                    shared.append(
                        (
                            site.code,
                            polygons[other].code,
                            site.geom.intersection(polygons[other].geom),
                        )
                    )
    assert [pair[:2] for pair in shared] == [TWINS]
    assert 4 <= measure.m2_to_mu(measure.area_m2(shared[0][2])) <= 9


def test_the_sums_are_those_of_the_promises(by_programme: dict[str, list[DemoSite]]) -> None:
    assert _sum(by_programme["greening"], "claimed_area_mu") == 100_000
    assert _sum(by_programme["shanty"], "households") == 3258
    assert _sum(by_programme["kindergarten"], "places") >= 1000
    assert _sum(by_programme["renewable"], "capacity_mw") == 2600
    assert _sum(by_programme["fufa_heat"], "households") == 280_000


def test_what_is_drawn_is_near_what_is_claimed(by_programme: dict[str, list[DemoSite]]) -> None:
    drawn_mu = measure.m2_to_mu(
        measure.union_area_m2(site.geom for site in by_programme["greening"])
    )
    assert drawn_mu == pytest.approx(100_000, rel=0.01)
    pipes = by_programme["pipe_renew"]
    drawn_km = sum(measure.length_m(site.geom) for site in pipes) / 1000
    assert 100 <= drawn_km <= 110
    assert _sum(pipes, "claimed_length_km") == pytest.approx(drawn_km, rel=0.03)


def test_mines_have_two_to_forty_hectares(by_programme: dict[str, list[DemoSite]]) -> None:
    hectares = [
        measure.m2_to_ha(measure.area_m2(site.geom)) for site in by_programme["mine_restore"]
    ]
    assert min(hectares) >= 1.99
    assert max(hectares) <= 40.1


def test_every_county_level_unit_has_one_or_two_childcare_pilots(
    by_programme: dict[str, list[DemoSite]], ground: Ground
) -> None:
    counts = Counter(site.district for site in by_programme["childcare"])
    assert set(counts) == set(ground.districts)
    assert set(counts.values()) == {1, 2}


def test_no_two_pipes_of_one_system_lie_in_one_street(
    by_programme: dict[str, list[DemoSite]],
) -> None:
    for system in ("供热", "燃气", "二次供水"):
        lines = [
            site.geom for site in by_programme["pipe_renew"] if site.attributes["system"] == system
        ]
        whole = shapely.union_all(lines)
        assert measure.length_m(whole) == pytest.approx(sum(map(measure.length_m, lines)), rel=1e-6)


def test_chainages_are_kilometres_and_metres() -> None:
    assert chainage(12.345) == "K12+345"
    assert chainage(0.0) == "K0+000"


def test_the_importer_reads_back_what_was_drawn(
    made: list[Dataset], committed: manifest.Manifest
) -> None:
    entries = {entry.path.stem: entry for entry in committed.files}
    for one in made:
        entry = entries[one.stem]
        with opened([entry.path], encoding=entry.encoding) as source:
            rows = list(source.rows())
            assert source.encoding is not None
            assert (
                source.encoding.encoding in {"gbk": {"gb18030"}, "utf-8": {"utf-8"}}[one.encoding]
            )
            assert [warning.code for warning in source.warnings] == []
        assert len(rows) == entry.sites == len(one.sites)
        for row, site in zip(rows, one.sites, strict=True):
            assert row.geometry is not None
            back = transform(row.geometry, one.srid)
            assert shapely.hausdorff_distance(back, site.geom) < 5e-8, site.code
            assert site.name in row.properties.values()


def test_files_come_in_several_crs_and_encodings(made: list[Dataset]) -> None:
    stated = {one.stem: (DATA / f"{one.stem}.prj") for one in made if one.has_prj}
    assert {stem: parse_crs(path.read_text()).srid for stem, path in stated.items()} == {
        one.stem: one.srid for one in made if one.has_prj
    }
    assert {one.srid for one in made} == {4326, 4490, 4499, 4529, 4530, 4550}
    assert not (DATA / "fitness.prj").exists()
    silent = [
        one.stem
        for one in made
        if one.encoding == "gbk" and not (DATA / f"{one.stem}.cpg").exists()
    ]
    assert {"mines_west", "greening_west", "old_estates", "pipes"} <= set(silent)
    bytes_of = {(DATA / f"{stem}.dbf").read_bytes()[29] for stem in silent}
    assert bytes_of == {0x00, 0x4D}


def test_tables_say_the_same_date_each_time() -> None:
    for path in DATA.glob("*.dbf"):
        assert tuple(path.read_bytes()[1:4]) == (122, 11, 15), path.name


def test_progress_is_consistent(
    committed: manifest.Manifest, by_programme: dict[str, list[DemoSite]]
) -> None:
    rows = committed.standings
    assert {(row.programme, row.code) for row in rows} == {
        (key, site.code) for key, sites in by_programme.items() for site in sites
    }
    for row in rows:
        assert row.planned_start is not None and row.planned_end is not None
        assert row.planned_start <= row.planned_end
        assert row.since <= committed.as_of
        if row.actual_end is not None:
            assert row.actual_start is not None and row.actual_start <= row.actual_end <= row.since
            assert row.progress == 100
        if row.actual_start is None:
            assert row.progress == 0
        if row.state == "suspended":
            assert row.since >= dt.date(2022, 11, 1)
        if row.accepted is not None:
            assert row.actual_end is not None


def test_no_works_begin_in_winter(committed: manifest.Manifest) -> None:
    starts = [row.actual_start for row in committed.standings if row.actual_start]
    assert {day.month for day in starts} <= set(range(4, 11))


def test_sites_stand_everywhere_between_untouched_and_accepted(
    committed: manifest.Manifest,
) -> None:
    for programme in ("mine_restore", "greening", "pipe_renew", "old_estate", "day_care"):
        rows = [row for row in committed.standings if row.programme == programme]
        untouched = sum(row.actual_start is None for row in rows) / len(rows)
        ended = sum(row.actual_end is not None for row in rows) / len(rows)
        assert 0.1 < untouched < 0.35, programme
        assert 0.1 < ended < 0.5, programme


def test_the_readme_names_every_file() -> None:
    text = (DATA / "README.md").read_text("utf-8")
    assert all(f"| {path.name} |" in text for path in DATA.glob("*.shp"))
    assert all(twin in text for twin in TWINS)


def _write(folder: Path, column: Column, value: Any) -> None:
    table = Table([column], [[value]], "gbk", 0, (2022, 11, 15))
    shapefile.write(folder, "one", [shapely.Point(1, 2)], table, None, None)


def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="more than 4 bytes"):
        _write(tmp_path, Column("名称", "C", 4), "三个字")


def test_a_name_of_more_than_ten_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="more than 10 bytes"):
        _write(tmp_path, Column("六个汉字的名", "C", 4), "一")


def test_progress_csv_has_one_header() -> None:
    with (DATA / "progress.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["programme", "code", "state"]
    assert len(rows) == 1 + sum(SITES.values())
