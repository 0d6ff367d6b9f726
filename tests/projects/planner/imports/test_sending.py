"""Files are sent in pieces: at the offset where they stand, within limits, verified, and by their owner alone."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from projects.importing import uploads
from projects.importing.folder import JobFolder
from projects.models import ImportJob, JobState
from tests.conftest import Cast
from tests.projects.planner.imports.conftest import Planner, signed_in

pytestmark = pytest.mark.usefixtures("city")


def test_pieces_become_the_file_again(archive: Path, planner: Planner) -> None:
    content = archive.read_bytes()
    made = planner.create((archive.name, len(content)))
    assert made.status_code == 201
    url = made.json()["parts"][0]["url"]
    half = len(content) // 2
    assert planner.patch(url, content[:half], 0)["Upload-Offset"] == str(half)
    head = planner.client.head(url)
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(half), str(len(content)))
    assert planner.patch(url, content[half:], half).status_code == 204
    done = planner.complete(made.json()["complete"], content)
    assert done.status_code == 200
    job = ImportJob.objects.get()
    assert (job.state, job.findings["count"]) == (JobState.READY, 3)
    assert str(job.pk) in done.json()["page"]
    assert planner.patch(url, b"more", len(content)).status_code == 404


def test_a_piece_for_another_place_is_refused_and_told_where(planner: Planner) -> None:
    url = planner.create(("a.zip", 10)).json()["parts"][0]["url"]
    planner.patch(url, b"abc", 0)
    for offset in (0, 2, 4, 10):
        refused = planner.patch(url, b"xyz", offset)
        assert (refused.status_code, refused.json()["offset"]) == (409, 3)
    assert planner.client.head(url)["Upload-Offset"] == "3"


def test_no_more_than_was_announced_is_kept(planner: Planner) -> None:
    url = planner.create(("a.zip", 4)).json()["parts"][0]["url"]
    assert planner.patch(url, b"abcdefgh", 0)["Upload-Offset"] == "4"


def test_a_broken_connection_keeps_what_arrived(planner: Planner, cast: Cast) -> None:
    class Broken:
        def __init__(self) -> None:
            self.left = [b"abc"]

        def read(self, size: int, /) -> bytes:
            if not self.left:
                raise OSError("connection reset")
            return self.left.pop()

    job = uploads.create(cast.alice, [uploads.NewFile("a.zip", 9)], "")
    with pytest.raises(OSError, match="reset"):
        uploads.append(job, 0, 0, Broken())
    assert uploads.offset(job, 0) == 3


def test_what_arrived_otherwise_is_sent_again(planner: Planner) -> None:
    made = planner.create(("a.zip", 3), ("b.zip", 2)).json()
    planner.patch(made["parts"][0]["url"], b"abc", 0)
    early = planner.complete(made["complete"], b"abc", b"de")
    assert (early.status_code, early.json()["part"]) == (409, 1)
    planner.patch(made["parts"][1]["url"], b"de", 0)
    refused = planner.complete(made["complete"], b"abc", b"dE")
    assert (refused.status_code, refused.json()["part"]) == (422, 1)
    assert planner.client.head(made["parts"][0]["url"])["Upload-Offset"] == "3"
    assert planner.client.head(made["parts"][1]["url"])["Upload-Offset"] == "0"
    assert ImportJob.objects.get().state == JobState.UPLOADING


@pytest.mark.parametrize(
    "body",
    [{}, {"files": []}, {"files": [{"name": "a", "size": -1}]}, {"files": [{"name": 1, "size": 1}]},
     {"files": [{"name": "a", "size": True}]}, {"files": [3]}, {"files": [{"name": "a", "size": 1}] * 61}, [1]],
)  # fmt: skip
def test_nonsense_is_refused(planner: Planner, body: Any) -> None:
    response = planner.client.post("/planner/import/create/", body, "application/json")
    assert response.status_code == 400
    assert not ImportJob.objects.exists()


def test_a_file_s_name_is_no_path(planner: Planner) -> None:
    planner.create(("../../etc/<i>x\n.zip", 3))
    job = ImportJob.objects.get()
    assert job.files[0]["name"] == "<i>x.zip"
    assert {path.name for path in JobFolder(job.pk).path.iterdir()} == {"0.part"}


def test_there_is_a_limit_for_a_file_and_a_quota_for_a_user(
    planner: Planner, cast: Cast, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES, settings.UPLOAD_QUOTA_BYTES = 1_000, 1_500
    assert planner.create(("a.zip", 1_001)).status_code == 413
    assert planner.create(("a.zip", 1_000)).status_code == 201
    assert planner.create(("a.zip", 501)).json()["type"].endswith("quota-exceeded")
    assert signed_in(cast.dora).create(("a.zip", 501)).status_code == 201
    job = ImportJob.objects.get(owner=cast.alice)
    planner.do(job, "cancel")
    assert planner.create(("a.zip", 501)).status_code == 201


def test_an_upload_is_its_owner_s_alone(planner: Planner, cast: Cast) -> None:
    made = planner.create(("a.zip", 3)).json()
    url = made["parts"][0]["url"]
    other = signed_in(cast.dora)
    assert other.patch(url, b"abc", 0).status_code == 404
    assert other.client.head(url).status_code == 404
    assert other.complete(made["complete"], b"abc").status_code == 404
    assert planner.client.head(f"{url}9/").status_code == 404
    assert planner.client.head(url)["Upload-Offset"] == "0"


def after(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweep as if so many days had gone by."""
    later = uploads.time.time() + days * 86_400
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    with monkeypatch.context() as patch:
        patch.setattr(uploads.time, "time", lambda: later)
        patch.setattr(uploads.timezone, "now", lambda: now)
        uploads.sweep()


def test_broken_off_uploads_are_offered_again_and_forgotten_in_time(
    planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner.create(("小区.zip", 3))
    page = planner.client.get("/planner/import/new/")
    assert [job["title"] for job in page.context["upload"]["waiting"]] == ["小区.zip"]
    job = ImportJob.objects.get()
    (uploads.uploads_root() / "no-job").mkdir()
    uploads.sweep()
    job.refresh_from_db()
    assert job.state == JobState.UPLOADING
    after(2, monkeypatch)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert list(uploads.uploads_root().iterdir()) == []


def test_files_wait_a_week_and_a_report_a_quarter(
    planner: Planner, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = planner.send(archive)
    after(2, monkeypatch)
    job.refresh_from_db()
    assert (job.state, job.has_files) == (JobState.READY, True)
    after(8, monkeypatch)
    job.refresh_from_db()
    assert (job.state, job.has_files) == (JobState.CANCELLED, False)
    folder = JobFolder(job.pk)
    folder.write(folder.preview, "{}")
    after(80, monkeypatch)
    assert folder.path.exists()
    after(100, monkeypatch)
    assert not folder.path.exists()


def test_the_plain_form_says_what_is_wrong(planner: Planner, archive: Path, settings: Any) -> None:
    assert planner.client.post("/planner/import/new/").status_code == 422
    settings.UPLOAD_MAX_BYTES = 10
    with archive.open("rb") as file:
        refused = planner.client.post("/planner/import/new/", {"parts": file})
    assert refused.status_code == 422 and "too large" in refused.content.decode()
