"""Heights that a file had are kept beside the place, and stand in what is exported; until the place is another one."""

from pathlib import Path

import pytest
import shapely
from django.core.management import call_command
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from layers.importing.handling import Handling
from layers.loading import LayerOptions, import_layer
from layers.models import Feature
from projects import editing
from projects.importing import ImportOptions, import_sites
from projects.importing.undo import undo_import
from projects.models import City, ImportJob, Programme, Site
from tests.factories import make_programme
from tests.layers.importing.test_heights import heights, text_of
from tests.projects.exporting.conftest import Download

# With heights beside the ninth decimal of a degree, which the formats of text keep as well.
LINE = LineString([(123.9, 47.3, 140.25), (123.95, 47.35, 151.5), (124.0, 47.3, 147.125)])
SHAPES: dict[str, BaseGeometry] = {
    "Point": Point(123.9, 47.3, 147.25),
    "LineString": LINE,
    "Polygon": Polygon(LINE.coords),
}
FORMATS = ["gpkg", "geojson", "geojsonseq", "fgb", "kml", "csv", "xlsx", "shp", "shp-gbk"]


@pytest.fixture(params=SHAPES)
def programme(request: pytest.FixtureRequest, city: City) -> Programme:
    return make_programme("heights", request.param)


def survey(folder: Path, shape: BaseGeometry, code: str = "H-1") -> Path:
    path = folder / "survey.csv"
    path.write_text(f'code,WKT\n{code},"{shapely.to_wkt(shape, rounding_precision=-1)}"\n')
    return path


def bring(programme: Programme, *parts: Path, keep: bool = True, **options: object) -> Site:
    chosen = ImportOptions(heights="keep" if keep else "drop", **options)  # type: ignore[arg-type]
    report = import_sites(programme, list(parts), chosen, by=None, dry_run=False)
    assert report.stored, [str(problem) for problem in report.refused]
    return Site.objects.get(programme=programme)


def shape_of(programme: Programme) -> BaseGeometry:
    return SHAPES[programme.geometry_kinds[0]]


@pytest.mark.parametrize("format_key", FORMATS)
def test_out_and_in_again(
    programme: Programme, download: Download, tmp_path: Path, format_key: str
) -> None:
    site = bring(programme, survey(tmp_path, shape_of(programme)))
    kept = bytes(site.source_geom or b"")
    assert heights(shapely.from_wkb(kept)) == heights(shape_of(programme))
    found = download(format_key, programme="heights")
    parts = sorted(one for one in found.glob("*_z.*")) if found.is_dir() else [found]
    Site.objects.all().delete()
    column = "编号" if format_key in {"csv", "xlsx"} else "code"
    again = bring(programme, *parts, mapping={column: "code"})
    assert again.geom.coords == site.geom.coords
    surveyed = editing.surveyed(again)
    assert heights(surveyed) == heights(shape_of(programme))
    assert surveyed.normalize().equals_exact(shapely.from_wkb(kept).normalize(), 1e-9)


def test_a_projected_copy_has_the_same_heights(
    programme: Programme, download: Download, tmp_path: Path
) -> None:
    bring(programme, survey(tmp_path, shape_of(programme)))
    found = download("gpkg", programme="heights", crs="EPSG:4529")
    Site.objects.all().delete()
    again = bring(programme, found, mapping={"code": "code"})
    assert heights(editing.surveyed(again)) == heights(shape_of(programme))


def test_measures_and_maps_are_those_of_the_place(programme: Programme, tmp_path: Path) -> None:
    high = bring(programme, survey(tmp_path, shape_of(programme)))
    figures = (high.length_m, high.area_m2, high.geom.hasz)
    Site.objects.all().delete()
    flat = bring(programme, survey(tmp_path, shape_of(programme)), keep=False)
    assert flat.source_geom is None
    assert (flat.length_m, flat.area_m2, False) == figures


def test_an_import_finds_nothing_to_change_in_what_it_brought(
    programme: Programme, tmp_path: Path
) -> None:
    path = survey(tmp_path, shape_of(programme))
    bring(programme, path)
    for keep in (True, False):
        chosen = ImportOptions(heights="keep" if keep else "drop")
        report = import_sites(programme, [path], chosen, by=None, dry_run=True)
        assert (report.unchanged, report.updated) == (1, 0)


def test_new_heights_are_a_change_that_can_be_taken_back(city: City, tmp_path: Path) -> None:
    programme = make_programme("heights", "LineString")
    before = bring(programme, survey(tmp_path, LINE), keep=False)
    path = survey(tmp_path, LINE)
    call_command("import_sites", "heights", str(path), "--heights", "keep")
    risen = Site.objects.get(pk=before.pk)
    assert heights(editing.surveyed(risen)) == heights(LINE)
    assert (risen.revision, risen.geom.coords) == (before.revision + 1, before.geom.coords)
    undo_import(ImportJob.objects.latest("created_at"), by=None)
    assert Site.objects.get(pk=before.pk).source_geom is None


def test_heights_go_with_the_place_that_they_were_of(city: City, tmp_path: Path) -> None:
    programme = make_programme("heights", "LineString")
    site = bring(programme, survey(tmp_path, LINE))
    flat = shapely.force_2d(LINE)
    same = editing.update_site(site, {"name": "演示·一"}, geom=flat)
    assert same.source_geom is not None
    moved = editing.update_site(same, {}, geom=shapely.transform(flat, lambda at: at + 0.01))
    assert moved.source_geom is None


def test_undoing_a_move_brings_the_heights_back(city: City, tmp_path: Path) -> None:
    programme = make_programme("heights", "LineString")
    bring(programme, survey(tmp_path, LINE))
    other = shapely.transform(shapely.force_2d(LINE), lambda at: at + 0.01)
    call_command("import_sites", "heights", str(survey(tmp_path, other)))
    assert Site.objects.get().source_geom is None
    undo_import(ImportJob.objects.latest("created_at"), by=None)
    assert heights(editing.surveyed(Site.objects.get())) == heights(LINE)


@pytest.mark.parametrize("keep", [True, False])
def test_a_reference_layer_keeps_them_too(city: City, tmp_path: Path, keep: bool) -> None:
    path = text_of(tmp_path / "a.geojson", LINE)
    handling = Handling(heights="keep" if keep else "drop")
    options = LayerOptions("levels", handling=handling)
    assert import_layer([path], options, by=None, dry_run=False).stored
    feature = Feature.objects.get()
    assert not feature.geom.hasz
    kept = None if feature.source_geom is None else shapely.from_wkb(bytes(feature.source_geom))
    assert (None if kept is None else heights(kept)) == (heights(LINE) if keep else None)


def test_a_mixed_layer_keeps_those_that_there_are(city: City, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    flat = shapely.force_2d(LINE)
    lines = [f'{at},"{shape.wkt}"' for at, shape in enumerate([LINE, flat, SHAPES["Point"]])]
    path.write_text("number,WKT\n" + "\n".join([*lines, "3,"]) + "\n")
    options = LayerOptions("levels", handling=Handling(heights="keep"))
    assert import_layer([path], options, by=None, dry_run=False).stored
    kept = [one.source_geom is not None for one in Feature.objects.order_by("pk")]
    assert kept == [True, False, True, False]
