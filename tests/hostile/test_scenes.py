"""Every hostile picture as a scene, at the page and at the command: a sentence, no scene, no file, nobody called.

Sidecars are the exception: the picture beside them is a good one, and may come in without them.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from layers.models import RasterScene
from projects.models import ImportJob
from tests.conftest import Cast
from tests.factories import make_city
from tests.hostile import archives, images, pointing
from tests.hostile.case import CANARY, Bait, Case
from tests.hostile.conftest import Ear
from tests.hostile.test_vectors import is_clear

pytestmark = pytest.mark.slow
CASES = [
    case
    for module in (pointing, images, archives)
    for case in module.cases()
    if case.door == "scene"
]
BY_NAME = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture
def parts(case: Case, bait: Bait, tmp_path: Path, db: None) -> list[Path]:
    make_city()
    folder = tmp_path / "sent"
    folder.mkdir()
    return case.make(folder, bait)


@pytest.fixture(autouse=True)
def _nothing_reached(ear: Ear) -> Iterator[None]:
    before = len(ear.calls)
    yield
    assert ear.calls[before:] == [], "somebody called"


def kept(settings: object) -> list[str]:
    """Files of scenes below the media folder, and rows."""
    media = Path(settings.MEDIA_ROOT)  # type: ignore[attr-defined]
    rows = list(RasterScene.objects.values_list("file", flat=True))
    return [str(one) for one in media.rglob("*") if one.is_file()] + rows


@BY_NAME
def test_the_command(case: Case, parts: list[Path], bait: Bait, settings: object) -> None:
    out = io.StringIO()
    try:
        call_command("import_scene", *map(str, parts), "--acquired-on=2022-05-01", stdout=out)
    except CommandError as refused:
        is_clear(str(refused), bait)
        assert kept(settings) == []
    else:
        assert case.fate == "inert", out.getvalue()


@BY_NAME
def test_the_page(case: Case, parts: list[Path], bait: Bait, settings: object, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice)
    sent = [SimpleUploadedFile(path.name, path.read_bytes()) for path in parts]
    answer = client.post("/planner/scenes/new/", {"parts": sent})
    if answer.status_code == 302:
        job = ImportJob.objects.get()
        words = {"name": "x", "acquired_on": "2022-05-01"}
        client.post(f"/planner/import/{job.pk}/store-scene/", words)
        answer = client.get(answer["Location"])
    said = answer.content.decode() if answer.status_code != 302 else ""
    assert "Traceback" not in said and str(bait.file) not in said
    assert "<script>alert" not in said and CANARY not in said
    if case.fate == "refused":
        assert 'role="alert"' in said
        assert kept(settings) == []


def test_each_case_is_another() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 50
