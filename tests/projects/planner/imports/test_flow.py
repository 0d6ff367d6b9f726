"""The whole way of a file: sent, looked at, mapped, checked, stored, found again, taken back."""

import copy
import json
from pathlib import Path

import shapely

from accounts.models import AuditEntry
from projects.importing.folder import JobFolder
from projects.models import ImportJob, JobState, Programme, SavedMapping, Site
from tests.conftest import Cast
from tests.layers.importing.samples import Column, geopackage, siblings, zipped
from tests.projects.importing.conftest import record, ring, write
from tests.projects.planner.imports.conftest import MAPPING, Planner, signed_in


def test_a_file_goes_all_the_way_and_back(
    archive: Path, estates: Programme, planner: Planner, cast: Cast
) -> None:
    job = planner.send(archive)
    assert (job.state, job.owner, job.title) == (JobState.READY, cast.alice, "小区.shp")
    page = planner.page(job)
    assert "gb18030" in page and "4490" in page and "演示·E-1" in page
    planner.check(job, estates)
    assert (job.state, job.counts["created"], Site.objects.count()) == (JobState.CHECKED, 3, 0)
    assert "3 new" in planner.page(job)
    planner.do(job, "store")
    assert (job.state, job.has_files) == (JobState.STORED, False)
    assert Site.objects.filter(programme=estates).count() == 3
    assert {t.by for site in Site.objects.all() for t in site.transitions.all()} == {cast.alice}
    assert not list(JobFolder(job.pk).path.glob("*.part"))
    listed = planner.client.get(f"/planner/?import={job.pk}&outcome=created")
    assert listed.context["page"].paginator.count == 3
    planner.do(job, "undo")
    assert (job.state, Site.objects.count()) == (JobState.UNDONE, 0)
    assert "undone" in planner.client.get("/planner/import/").content.decode()
    entries = AuditEntry.objects.filter(kind="import")
    assert {(entry.actor, entry.address) for entry in entries} == {("alice", "127.0.0.1")}


def test_loose_parts_are_one_data_set(tmp_path: Path, estates: Programme, planner: Planner) -> None:
    job = planner.stored(estates, *siblings(write(tmp_path)))
    assert (job.state, job.title, Site.objects.count()) == (JobState.STORED, "小区.shp", 3)


def test_the_preview_shows_each_crs_that_fits(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    """Eastings near 500 km lie in the city under two central meridians, 3 degrees apart."""
    shapes = [[(500_000 + x, 5_230_000 + y) for x, y in ((0, 0), (0, 900), (900, 900), (0, 0))]]
    job = planner.send(*siblings(write(tmp_path, [record("E-1")], shapes, crs=None)))
    found = planner.client.get(f"/planner/import/{job.pk}/preview/").json()["views"]
    assert len(found) > 1
    assert not job.findings["can_map"]
    places = [view["features"]["features"][0]["geometry"]["coordinates"] for view in found]
    assert places[0] != places[1]
    first, *others = (one["apart_km"] for one in job.findings["candidates"])
    assert first == 0 and any(others)
    assert f"{max(others)} km from the first" in planner.page(job)
    planner.do(job, "read", crs="EPSG:4550")
    assert job.findings["crs_by"] == "chosen" and job.findings["can_map"]
    planner.check(job, estates)
    assert job.counts["created"] + job.counts["refused"] == 1


def test_another_encoding_reads_the_rows_again(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    job = planner.send(*siblings(write(tmp_path, [record(名称="演示·碾子山")])))
    planner.do(job, "read", encoding="big5")
    assert job.state == JobState.READY
    assert "碾子山" not in json.dumps(job.findings, ensure_ascii=False)
    planner.do(job, "read", encoding="")
    assert "碾子山" in json.dumps(job.findings["rows"], ensure_ascii=False)


def test_a_layer_is_chosen_from_several(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    path = tmp_path / "a.gpkg"
    shape = {"type": "Polygon", "coordinates": [ring()]}
    for layer in ("甲", "乙"):
        geopackage(path, [{"geometry": shape, "properties": {"名称": f"{layer}地"}}], layer)
    job = planner.send(path)
    assert set(job.findings["layers"]) == {"甲", "乙"} and 'name="layer"' in planner.page(job)
    planner.do(job, "read", layer="乙")
    assert (job.findings["layer"], job.findings["rows"]) == ("乙", [{"名称": "乙地"}])


def test_a_file_that_cannot_be_read_says_why_and_keeps_its_page(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    path = tmp_path / "名单.txt"
    path.write_text("no map")
    job = planner.send(path)
    page = planner.page(job)
    assert "no file that can be imported" in page and 'role="alert"' in page
    assert "?step=fields" not in page


def test_a_mapping_is_used_again_and_told(
    tmp_path: Path, estates: Programme, planner: Planner, cast: Cast
) -> None:
    columns = (Column("XMBH"), Column("XMMC"), Column("HS", "N", 8))
    mapping = {"XMBH": "code", "XMMC": "name", "HS": "attributes.households"}
    path = write(tmp_path / "a", [["E-1", "演示·甲", "7"]], columns=columns)
    job = planner.send(*siblings(path))
    response = planner.client.get(f"/planner/import/{job.pk}/?step=fields&programme=estates")
    assert response.context["saved"] is None
    planner.check(job, estates, mapping)
    assert job.counts["created"] == 1
    assert SavedMapping.objects.get().mapping == mapping
    for user in (cast.alice, cast.dora):
        other = signed_in(user)
        again = other.send(*siblings(path))
        page = other.client.get(f"/planner/import/{again.pk}/?step=fields&programme=estates")
        assert {c["name"]: c["target"] for c in page.context["columns"]} == mapping
        assert "Mapped as for a file with the same columns by alice" in page.content.decode()


def test_a_mapping_without_a_code_is_told_and_kept(
    archive: Path, estates: Programme, planner: Planner
) -> None:
    job = planner.send(archive)
    planner.check(job, estates, {"名称": "name"})
    assert job.state == JobState.READY
    response = planner.client.get(f"/planner/import/{job.pk}/?step=fields")
    targets = {c["name"]: c["target"] for c in response.context["columns"]}
    assert targets["名称"] == "name" and targets["编号"] == ""
    assert "No column is known" in response.content.decode()
    assert not SavedMapping.objects.exists()


def test_refused_rows_keep_the_import_from_being_stored(
    tmp_path: Path, estates: Programme, planner: Planner
) -> None:
    path = write(tmp_path, [record("E-1", 户数="-1"), record("E-2")])
    job = planner.send(zipped(tmp_path / "a.zip", siblings(path)))
    planner.check(job, estates)
    assert (job.state, job.counts["refused"]) == (JobState.CHECKED, 1)
    page = planner.page(job)
    assert "Nothing can be stored yet" in page and "户数" in page and "Import now" not in page
    assert planner.do(job, "store").status_code == 400
    assert not Site.objects.exists()


def test_what_changed_since_the_check_is_checked_once_more(
    archive: Path, estates: Programme, planner: Planner, cast: Cast
) -> None:
    job = planner.send(archive)
    planner.check(job, estates)
    estates.attribute_schema = copy.deepcopy(estates.attribute_schema)
    estates.attribute_schema["properties"]["households"]["minimum"] = 100
    estates.save()
    planner.do(job, "store")
    assert (job.state, job.counts["refused"]) == (JobState.CHECKED, 3)
    assert not Site.objects.exists() and job.has_files


def test_an_undo_that_is_refused_names_the_sites(
    archive: Path, estates: Programme, planner: Planner
) -> None:
    job = planner.stored(estates, archive)
    Site.objects.filter(code="E-2").update(revision=2)
    planner.do(job, "undo")
    assert job.state == JobState.STORED
    assert "E-2" in planner.page(job) and Site.objects.count() == 3


def test_the_mapping_of_a_column_is_what_is_stored(
    archive: Path, estates: Programme, planner: Planner
) -> None:
    job = planner.send(archive)
    planner.check(job, estates, {**MAPPING, "名称": "address"})
    planner.do(job, "store")
    site = Site.objects.first()
    assert site is not None and site.address.startswith("演示") and site.name == site.code


def test_a_filter_by_an_import_of_nobody_is_not_there(planner: Planner, city: object) -> None:
    for number in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert planner.client.get(f"/planner/?import={number}").status_code == 404
    assert not ImportJob.objects.exists()


def test_heights_are_kept_by_choice(tmp_path: Path, estates: Programme, planner: Planner) -> None:
    path = tmp_path / "a.geojson"
    corners = [[*corner, 147.5] for corner in ring()]
    shape = {"type": "Polygon", "coordinates": [corners]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"code": "E-1", "n": 3}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    mapping = {"code": "code", "n": "attributes.households"}
    job = planner.send(path)
    assert 'name="heights"' in planner.page(job)
    planner.check(job, estates, mapping)
    assert "heights of 1 features" in planner.page(job)
    planner.do(job, "read", places="1", heights="keep")
    assert '"keep" selected' in planner.page(job)
    planner.check(job, estates, mapping)
    assert "heights of" not in planner.page(job)
    planner.do(job, "store")
    kept = shapely.from_wkb(bytes(Site.objects.get().source_geom or b""))
    assert set(shapely.get_coordinates(kept, include_z=True)[:, 2]) == {147.5}


def test_a_flat_file_is_not_asked_about_heights(archive: Path, planner: Planner) -> None:
    assert 'name="heights"' not in planner.page(planner.send(archive))
