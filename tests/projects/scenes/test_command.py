"""manage.py import_scene."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from layers.importing.archive import Part
from layers.models import RasterScene
from projects.models import ScenePair, Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(picture: Callable[..., list[Part]], tmp_path: Path) -> Path:
    return picture()[0].path.rename(tmp_path / "before.tif")


def run(*words: Any) -> str:
    out = StringIO()
    call_command("import_scene", *map(str, words), stdout=out)
    return out.getvalue()


def test_it_puts_a_picture_beside_a_site(file: Path, site: Site) -> None:
    where = ("--programme", site.programme.key, "--code", site.code, "--role", "before")
    said = run(file, "--acquired-on", "2022-05-01", "--sensor", "GF-2", "--publish", *where)
    scene = RasterScene.objects.get()
    assert str(scene.pk) in said
    assert (scene.name, scene.sensor, scene.published) == ("before", "GF-2", True)
    assert ScenePair.objects.get(site=site).before == scene


def test_it_says_why_not_and_stores_nothing(tmp_path: Path, site: Site) -> None:
    path = tmp_path / "a.tif"
    path.write_text("<VRTDataset/>")
    with pytest.raises(CommandError, match="VRTDataset"):
        run(path, "--acquired-on", "2022-05-01")
    assert not RasterScene.objects.exists()


def test_it_knows_the_site_by_all_three(file: Path, site: Site) -> None:
    with pytest.raises(CommandError, match="--role"):
        run(file, "--acquired-on", "2022-05-01", "--code", site.code)
    with pytest.raises(CommandError, match="B-9"):
        run(
            *(file, "--acquired-on", "2022-05-01", "--programme", site.programme.key),
            *("--code", "B-9", "--role", "after"),
        )
