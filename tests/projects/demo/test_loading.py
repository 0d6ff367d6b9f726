"""Loading the demonstration: through every rule of the house, and once only."""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings

from accounts.models import Role, User
from layers.models import RasterScene
from projects import editing, rollup
from projects.demo import manifest
from projects.models import (
    Assignment,
    City,
    Inspection,
    Phase,
    Photo,
    PhotoPair,
    PhotoRole,
    ScenePair,
    Site,
    Target,
    Transition,
)

CITY = settings.BASE_DIR / "cities" / "qiqihar"
DATA = settings.BASE_DIR / "data" / "shapefiles"
PICTURES = 3
REGISTERED = dt.date(2022, 1, 26)

# The mark of the database makes its tables, and takes away what a single test changes.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def _load(**options: Any) -> str:
    out = io.StringIO()
    call_command("load_demo", pictures=PICTURES, processes=0, stdout=out, **options)
    return out.getvalue()


@dataclass(frozen=True)
class Run:
    said: str
    media: Path


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    """The demonstration with a few pictures, loaded once for this module and taken away afterwards."""
    media = tmp_path_factory.mktemp("demo-media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=media):
            call_command("load_city", str(CITY), stdout=io.StringIO())
            said = _load()
        yield Run(said, media)
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: Run, settings: Any) -> Run:
    """The loaded demonstration, with its media folder."""
    settings.MEDIA_ROOT = loaded.media
    return loaded


def _figures(key: str) -> rollup.TargetFigures:
    target = Target.objects.get(key=key)
    return rollup.figures([target], Site.objects.all())[0]


def _everything() -> dict[str, Any]:
    models = (
        Site,
        Transition,
        Inspection,
        Photo,
        PhotoPair,
        ScenePair,
        RasterScene,
        User,
        Assignment,
    )
    counts: dict[str, Any] = {model.__name__: model.objects.count() for model in models}
    counts["revisions"] = dict(Site.objects.values_list("pk", "revision"))
    counts["publication"] = City.objects.get().publication_revision
    return counts


def test_every_site_of_the_manifest_is_there_public_and_marked(demo: Run) -> None:
    plan = manifest.read(DATA)
    assert Site.objects.count() == sum(entry.sites for entry in plan.files)
    assert not Site.objects.exclude(is_demonstration=True, published=True).exists()
    assert not Site.objects.exclude(name__startswith="演示·").exists()
    assert not Site.objects.filter(district=None).exists()


def test_it_shows_what_it_does(demo: Run) -> None:
    assert "files 28/28" in demo.said
    assert f"photos {PICTURES}/{PICTURES}" in demo.said
    assert "sites 1010/1010" in demo.said


def test_sites_stand_where_the_progress_table_says_as_far_as_the_evidence_goes(demo: Run) -> None:
    wanted = {(row.programme, row.code): row.state for row in manifest.read(DATA).standings}
    sites = Site.objects.select_related("state", "programme").annotate(pictures=Count("photos"))
    behind = [site for site in sites if wanted[site.programme.key, site.code] != site.state.key]
    assert behind, "with few pictures some sites must wait"
    assert all(site.pictures == 0 for site in behind)
    assert all(site.state.steps_out.filter(requires_photo=True).exists() for site in behind)


def test_each_step_has_its_transition_and_its_day(demo: Run) -> None:
    for site in Site.objects.filter(programme__key="old_estate").prefetch_related("transitions"):
        entries = list(site.transitions.all())
        assert entries[0].step is None
        assert entries[0].on == REGISTERED
        assert entries[-1].to_state_id == site.state_id
        assert [entry.on for entry in entries] == sorted(entry.on for entry in entries)
        assert all(entry.by is not None for entry in entries)


def test_stops_and_returns_say_why(demo: Run) -> None:
    returned = Transition.objects.filter(to_state__phase__in=[Phase.SUSPENDED, Phase.RETURNED])
    assert returned.count() > 50
    assert not returned.filter(note="").exists()


def test_the_three_accounts_exist_and_the_inspector_is_assigned(demo: Run) -> None:
    assert set(User.objects.values_list("role", flat=True)) == {choice.value for choice in Role}
    assert Assignment.objects.filter(user__username="inspector").count() == 1


def test_pictures_are_simulated_and_only_accepted_sites_have_an_after(demo: Run) -> None:
    assert Photo.objects.count() == PICTURES
    assert not Photo.objects.exclude(is_simulated=True).exists()
    assert not Photo.objects.filter(inspection=None).exists()
    afters = Photo.objects.filter(role=PhotoRole.AFTER)
    assert afters.exists()
    assert not afters.exclude(site__state__phase=Phase.ACCEPTED).exists()
    assert PhotoPair.objects.count() == afters.count()


def test_scenes_are_simulated_pairs_with_files(demo: Run) -> None:
    assert ScenePair.objects.count() == PICTURES
    for scene in RasterScene.objects.all():
        assert scene.is_simulated and scene.published
        assert (demo.media / scene.file).is_file()
    for pair in ScenePair.objects.select_related("before", "after", "site"):
        assert pair.before.acquired_on < pair.after.acquired_on
        assert pair.before.footprint.intersects(pair.site.geom)


def test_the_targets_add_up(demo: Run) -> None:
    greening = _figures("greening")
    assert greening.claimed == pytest.approx(100_000)
    assert greening.stage("mapped").sites == 200
    assert greening.stage("mapped").value == pytest.approx(100_000, rel=0.01)
    pipes = _figures("pipe_renew")
    assert 100 <= pipes.stage("mapped").value <= 110
    assert _figures("shanty").stage("mapped").value == 3258


def test_only_the_noted_pair_overlaps(demo: Run) -> None:
    overlapping = Site.objects.filter(has_overlap=True).values_list("code", flat=True)
    assert sorted(overlapping) == ["LH-230231-03", "LH-230231-04"]


def test_a_second_run_changes_nothing(demo: Run) -> None:
    before = _everything()
    said = _load()
    assert _everything() == before
    assert "0 new, 0 updated" in said
    assert "0 steps; 0 photos and 0 scene pairs new" in said


def test_a_site_that_somebody_moved_stays_where_it_is(demo: Run) -> None:
    site = Site.objects.filter(programme__key="pipe_renew", state__key="under_construction").first()
    assert site is not None
    on_hold = site.state.steps_out.get(target__key="suspended").target
    editing.move_site(site, on_hold, by=None, on=dt.date(2022, 11, 5), note="演示：停工")
    _load()
    site.refresh_from_db()
    assert site.state == on_hold
