"""Every hostile file for sites, at the page and at the command: a sentence, nothing stored, nothing reached."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from layers.models import Feature, Layer
from projects.models import ImportedRow, ImportJob, JobState, Programme, Site
from tests.hostile import archives, markup, pointing, tables
from tests.hostile.case import CANARY, Bait, Case
from tests.hostile.conftest import Ear
from tests.projects.planner.imports.conftest import Planner, signed_in

pytestmark = pytest.mark.slow
CASES = [
    case
    for module in (pointing, markup, archives, tables)
    for case in module.cases()
    if case.door == "sites"
]
BY_NAME = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
MAPPING = {"code": "code", "name": "name"}


def stored() -> list[int]:
    return [model.objects.count() for model in (Site, Layer, Feature, ImportedRow)]


@pytest.fixture
def parts(case: Case, bait: Bait, tmp_path: Path) -> list[Path]:
    folder = tmp_path / "sent"
    folder.mkdir()
    return case.make(folder, bait)


@pytest.fixture(autouse=True)
def _nothing_reached(ear: Ear, tmp_path: Path) -> Iterator[None]:
    before = len(ear.calls)
    yield
    assert ear.calls[before:] == [], "somebody called"
    assert not Path("/tmp/hostile.geojson").exists()


def is_clear(sentences: str, bait: Bait) -> None:
    """Words for a person: not empty, no traceback, none of our paths, nothing of the other file."""
    assert len(sentences.strip()) > 10
    assert len(sentences) < 4_000
    for told in ("Traceback", CANARY, str(bait.file), "root:", "site-packages", "/unpacked/"):
        assert told not in sentences, told


@BY_NAME
def test_the_command(case: Case, parts: list[Path], bait: Bait, parks: Programme) -> None:
    before, out = stored(), io.StringIO()
    pairs = [f"--map={column}={target}" for column, target in MAPPING.items()]
    try:
        call_command("import_sites", "parks", *map(str, parts), *pairs, stdout=out)
    except CommandError as refused:
        is_clear(str(refused), bait)
        assert stored() == before
    else:
        assert case.fate == "inert", out.getvalue()
    assert not Site.objects.filter(name__contains=CANARY).exists()


@BY_NAME
def test_the_page(
    case: Case, parts: list[Path], bait: Bait, parks: Programme, planner: Planner
) -> None:
    before = stored()
    job = _through(planner, parks, parts)
    if job is None:  # refused at the door, before anything was read
        assert stored() == before
        return
    said = planner.page(job)
    assert CANARY not in said and "Traceback" not in said
    assert "<img src=x" not in said and "<script>alert" not in said
    if case.fate == "refused":
        assert job.state != JobState.STORED, job.findings
        assert stored() == before
        sentences = " ".join(str(message) for message in job.messages)
        is_clear(sentences or said[said.index("<main") :][:3_900], bait)


def _through(planner: Planner, programme: Programme, parts: list[Path]) -> ImportJob | None:
    """As far as the pages lead: sent, checked and stored."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = [SimpleUploadedFile(path.name, path.read_bytes()) for path in parts]
    response = planner.client.post("/planner/import/new/", {"parts": sent})
    if response.status_code == 422:
        assert 'role="alert"' in response.content.decode()
        return None
    assert response.status_code == 302
    job = ImportJob.objects.get(pk=response["Location"].split("/")[-2])
    if job.state == JobState.READY and "columns" in job.findings:
        mapping = {one: MAPPING[one] for one in job.findings.get("columns", []) if one in MAPPING}
        planner.check(job, programme, mapping)
        planner.do(job, "store")
    return job


@pytest.fixture
def planner(cast: object) -> Planner:
    return signed_in(cast.alice)  # type: ignore[attr-defined]


@pytest.fixture
def parks(db: None) -> Programme:
    from tests.factories import make_city, make_programme

    make_city()
    return make_programme("parks")


def test_there_are_enough_of_them() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 120
