"""Datums, shifts and repairs on their way into sites: said in the report, kept with the site and in its history."""

from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from gis_projects.geo.gcj02 import shift
from layers.importing.problems import Code
from projects.models import Programme, Site
from tests.projects.importing.conftest import Importer, record, ring, write


def moved(*rings: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    return [[tuple(pair) for pair in shift(np.array(one), "gcj02").tolist()] for one in rings]  # type: ignore[misc]


RINGS = [ring(123.6), ring(123.65), ring(123.7)]
ROWS = [record("E-1"), record("E-2"), record("E-3")]


def test_an_accepted_datum_is_kept_with_the_site_and_in_the_trail(
    tmp_path: Path, run: Importer
) -> None:
    path = write(tmp_path, [record()], [ring()], crs=4610)
    assert [one.code for one in run(path).refused] == [Code.NULL_DATUM_CRS]
    report = run(path, accept_datum=True)
    assert report.stored
    assert [one.code for one in report.warnings if one.code == Code.DATUM_ACCEPTED]
    site = Site.objects.get()
    assert "Xian 1980" in site.source_crs and "±90 m" in site.source_crs
    entry = AuditEntry.objects.filter(kind="site", subject=str(site.pk)).get()
    assert "±90 m" in str(entry.changes)


def test_sites_that_come_again_from_a_web_map_are_suspected_and_taken_back_on_a_word(
    tmp_path: Path, run: Importer
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    assert run(write(tmp_path / "first", ROWS, RINGS)).stored
    again = write(tmp_path / "second", ROWS, moved(*RINGS))
    report = run(again, dry_run=True)
    (suspicion,) = [one for one in report.warnings if one.code == Code.OFFSET_SUSPECTED]
    assert 450 < suspicion.params["metres"] < 650
    assert suspicion.params["name"] == "GCJ-02"
    taken = run(again, offset="gcj02", dry_run=True)
    assert not [one for one in taken.warnings if one.code == Code.OFFSET_SUSPECTED]


def test_a_shift_that_is_taken_back_is_recorded(tmp_path: Path, run: Importer) -> None:
    assert run(write(tmp_path, ROWS, moved(*RINGS)), offset="gcj02").stored
    site = Site.objects.get(code="E-1")
    assert site.source_crs.startswith("GCJ-02, ")
    assert site.geom.centroid.x == pytest.approx(123.605, abs=1e-9)


def test_a_site_that_moves_tells_the_crs_of_its_new_place(tmp_path: Path, run: Importer) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    assert run(write(tmp_path / "first", ROWS, RINGS)).stored
    former = Site.objects.get(code="E-1").source_crs
    report = run(write(tmp_path / "second", [record("E-1")], moved(ring(123.75))), offset="gcj02")
    assert (report.stored, report.updated) == (True, 1)
    site = Site.objects.get(code="E-1")
    assert site.source_crs.startswith("GCJ-02, ")
    entry = AuditEntry.objects.filter(kind="site", subject=str(site.pk)).latest("pk")
    assert entry.changed["source_crs"] == [former, site.source_crs]


def test_the_command_has_the_same_words(tmp_path: Path, estates: Programme) -> None:
    path = write(tmp_path, [record()], [ring()], crs=4610)
    with pytest.raises(CommandError, match="90 m"):
        call_command("import_sites", "estates", str(path))
    call_command("import_sites", "estates", str(path), "--accept-datum-error", "--offset=bd09")
    assert Site.objects.get().source_crs.startswith("BD-09, ")


def test_exchanged_axes_are_seen(tmp_path: Path, run: Importer) -> None:
    turned = [[(y, x) for x, y in ring()]]
    report = run(write(tmp_path, [record()], turned))
    assert report.stored
    assert Code.AXES_SWAPPED in {one.code for one in report.warnings}
    assert Site.objects.get().geom.centroid.x == pytest.approx(123.605, abs=1e-9)


def test_the_command_for_layers_has_them_too(tmp_path: Path, city: object) -> None:
    from layers.models import Feature, Layer

    path = write(tmp_path, [record()], moved(ring()), crs=4610)
    with pytest.raises(CommandError, match="90 m"):
        call_command("import_layer", "old-plots", str(path))
    call_command("import_layer", "old-plots", str(path), "--accept-datum-error", "--offset=gcj02")
    feature = Feature.objects.get()
    assert feature.geom.centroid.x == pytest.approx(123.605, abs=1e-6)
    assert Layer.objects.get().source_crs.startswith("GCJ-02, datum ±90 m, EPSG:4610 ")
