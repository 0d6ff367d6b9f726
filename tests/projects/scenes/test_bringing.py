"""A planner's picture becomes a scene of the city, beside a site or alone, or nothing is stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import AuditEntry
from gis_projects.http.problems import SceneRoleTaken
from layers.importing.archive import Part
from layers.importing.problems import Code, ImportRefused
from layers.models import RasterScene
from layers.raster.cog import is_cog
from layers.raster.problems import SceneCode, SceneRefused
from projects import publication
from projects.models import ScenePair, Site
from projects.scenes import record
from tests.layers.raster.pictures import GRID, tiff
from tests.projects.scenes.conftest import OVER_SITE, Bring

Picture = Callable[..., list[Part]]
pytestmark = pytest.mark.django_db


def stored(settings: Any) -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / "scenes").glob("*"))


def test_a_picture_becomes_a_scene(bring: Bring, settings: Any) -> None:
    scene = bring().scene
    assert "4529" in scene.source_crs
    assert (scene.width_px, scene.height_px) == (400, 300)
    west, south, east, north = scene.footprint.extent
    assert west < 123.605 < east
    assert south < 47.105 < north
    assert is_cog(Path(settings.MEDIA_ROOT) / scene.file)
    assert not RasterScene.objects.visible_to(AnonymousUser()).exists()


def test_both_sides_make_a_pair(bring: Bring, picture: Picture, site: Site) -> None:
    before = bring("before", published=True).scene
    assert ScenePair.objects.get(site=site).after is None
    after = bring("after", published=True, parts=picture(dtype="uint16")).scene
    pair = ScenePair.objects.get(site=site)
    assert (pair.before, pair.after) == (before, after)
    page = Client().get(f"/sites/{site.pk}/").content.decode()
    assert str(before.pk) in page
    assert str(after.pk) in page


def test_half_a_pair_is_not_shown(bring: Bring, site: Site) -> None:
    before = bring("before", published=True).scene
    assert str(before.pk) not in Client().get(f"/sites/{site.pk}/").content.decode()
    answer = Client().get("/layers/sites/items.geojson").json()
    assert answer["features"][0]["properties"]["has_scenes"] is False


def test_a_scene_of_a_hidden_site_is_hidden(bring: Bring, site: Site) -> None:
    scene = bring("before", published=True).scene
    Site.objects.filter(pk=site.pk).update(published=False)
    assert Client().get(f"/scenes/{scene.pk}/preview.webp").status_code == 404


def test_a_side_is_replaced_only_when_asked(bring: Bring, site: Site, settings: Any) -> None:
    first = bring("before").scene
    with pytest.raises(SceneRoleTaken):
        bring("before")
    assert len(stored(settings)) == 1
    second = bring("before", replace=True).scene
    assert ScenePair.objects.get(site=site).before == second
    assert not RasterScene.objects.filter(pk=first.pk).exists()


def test_a_removed_side_leaves_the_other_to_its_site(bring: Bring, site: Site) -> None:
    before, after = bring("before").scene, bring("after").scene
    record.remove(before, by=None)
    pair = ScenePair.objects.get(site=site)
    assert (pair.before, pair.after) == (None, after)
    record.remove(after, by=None)
    assert not ScenePair.objects.exists()


def test_the_file_goes_with_the_scene(
    bring: Bring, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    scene = bring().scene
    with django_capture_on_commit_callbacks(execute=True):
        record.remove(scene, by=None)
    assert stored(settings) == []


def test_the_trail_tells_of_it(bring: Bring) -> None:
    scene = bring("before").scene
    subject = str(scene.pk)
    record.change(scene, {"published": True}, by=None)
    record.remove(scene, by=None)
    entries = AuditEntry.objects.filter(kind="scene", subject=subject).order_by("sequence")
    assert [entry.action for entry in entries] == ["created", "updated", "removed"]
    assert len(entries[0].changed["sha256"][1]) == 64
    assert entries[0].changed["site"] == [None, "A-1"]
    assert entries[1].changed == {"published": [False, True]}


def test_only_what_is_public_moves_the_revision(bring: Bring, site: Site) -> None:
    start = publication.revision()
    scene = bring("before").scene
    assert publication.revision() == start
    record.change(scene, {"published": True}, by=None)
    assert publication.revision() == start + 1
    bring("before", replace=True)
    assert publication.revision() == start + 2
    Site.objects.filter(pk=site.pk).update(published=False)
    bring("after", published=True)
    assert publication.revision() == start + 2


def test_a_missing_crs_is_taken_from_the_numbers(bring: Bring, picture: Picture) -> None:
    brought = bring(parts=picture(crs=None))
    assert "4529" in brought.scene.source_crs
    assert [note.code for note in brought.notes] == [Code.CRS_GUESSED]


def test_a_crs_that_may_be_two_is_asked_for(bring: Bring, picture: Picture) -> None:
    plain = GRID.translation(545_000, 5_220_000) @ GRID.scale(10, -10)
    with pytest.raises(ImportRefused) as caught:
        bring(parts=picture(crs=None, transform=plain))
    assert caught.value.problems[0].code in {Code.AMBIGUOUS_CRS, Code.UNKNOWN_CRS}
    assert (
        "4550" in bring(parts=picture(crs=None, transform=plain), crs="EPSG:4550").scene.source_crs
    )


def test_a_shift_of_ninety_metres_is_accepted_or_refused(bring: Bring, picture: Picture) -> None:
    xian = {"crs": "EPSG:2365"}
    with pytest.raises(ImportRefused) as caught:
        bring(parts=picture(**xian))
    assert caught.value.problems[0].code is Code.NULL_DATUM_CRS
    assert "Xian" in bring(parts=picture(**xian), accepts_shift=True).scene.source_crs


@pytest.mark.parametrize(
    ("options", "role", "code"),
    [
        ({"crs": "EPSG:32618"}, "", SceneCode.OUTSIDE),
        ({"transform": GRID.translation(41_600_000, 5_250_000) @ GRID.scale(2, -2)}, "before", SceneCode.NOT_OVER_SITE),
        ({"transform": None, "crs": None}, "", SceneCode.NO_GEOREFERENCE),
    ],
)  # fmt: skip
def test_a_picture_of_elsewhere_is_refused(
    bring: Bring,
    picture: Picture,
    settings: Any,
    options: dict[str, Any],
    role: str,
    code: SceneCode,
) -> None:
    if options.get("crs") == "EPSG:32618":
        options = {**options, "transform": GRID.translation(400_000, 4_000_000) @ GRID.scale(2, -2)}
    with pytest.raises(SceneRefused) as caught:
        bring(role, parts=picture(**options))
    assert caught.value.note.code is code
    assert stored(settings) == []
    assert not RasterScene.objects.exists()


def test_an_empty_picture_is_said_to_be_empty(bring: Bring, picture: Picture) -> None:
    nothing = picture(nodata=0)
    tiff(nothing[0].path, np.zeros((3, 64, 64), np.uint8), nodata=0, transform=OVER_SITE)
    assert [note.code for note in bring(parts=nothing).notes] == [SceneCode.IMAGE_EMPTY]


def test_what_lies_beside_is_named_and_not_read(
    bring: Bring, picture: Picture, tmp_path: Path
) -> None:
    beside = tmp_path / "aux"
    beside.write_text("<PAMDataset/>")
    brought = bring(
        parts=[*picture(), Part("现状.tif.aux.xml", beside), Part("现状.tif.ovr", beside)]
    )
    assert [note.params["name"] for note in brought.notes] == ["现状.tif.aux.xml", "现状.tif.ovr"]


@pytest.mark.parametrize("text", ["", "1\n2\n3", "a\nb\nc\nd\ne\nf", "1\n0\n0\n-1\n5"])
def test_a_world_file_has_six_numbers(
    bring: Bring, picture: Picture, tmp_path: Path, text: str
) -> None:
    world = tmp_path / "world"
    world.write_text(text)
    with pytest.raises(SceneRefused) as caught:
        bring(parts=[*picture(), Part("现状.tfw", world)])
    assert caught.value.note.code is SceneCode.BAD_WORLD_FILE


def test_one_picture_at_a_time(bring: Bring, picture: Picture) -> None:
    with pytest.raises(SceneRefused) as caught:
        bring(parts=[*picture("a.tif"), *picture("b.tif")])
    assert caught.value.note.code is SceneCode.SEVERAL_PICTURES
