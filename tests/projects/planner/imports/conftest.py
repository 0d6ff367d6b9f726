"""A planner who sends files, and what he does to an import through its pages; tasks are done at once."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from projects.models import ImportJob, Programme
from tests.conftest import Cast
from tests.layers.importing.samples import siblings, zipped
from tests.projects.importing.conftest import _sentences_in_english, estates, write

__all__ = ["_sentences_in_english", "estates"]

MAPPING = {
    "编号": "code", "名称": "name", "县区": "district", "户数": "attributes.households",
    "等级": "attributes.grade", "计划开工": "planned_start", "计划竣工": "planned_end", "总投资": "investment",
}  # fmt: skip


class Planner:
    """One member of staff in a browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def send(self, *paths: Path) -> ImportJob:
        """Through the plain form; the job that came of it, read already."""
        parts = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
        response = self.client.post("/planner/import/new/", {"parts": parts})
        assert response.status_code == 302, response.content.decode()
        return ImportJob.objects.get(pk=response["Location"].split("/")[-2])

    def do(self, job: ImportJob, verb: str, **data: Any) -> HttpResponse:
        response = self.client.post(f"/planner/import/{job.pk}/{verb}/", data)
        job.refresh_from_db()
        return response  # type: ignore[return-value]

    def check(
        self, job: ImportJob, programme: Programme, mapping: dict[str, str] | None = None
    ) -> HttpResponse:
        columns = job.findings["columns"]
        chosen = MAPPING if mapping is None else mapping
        targets = [chosen.get(column, "") for column in columns]
        return self.do(job, "check", programme=programme.key, column=columns, target=targets)

    def page(self, job: ImportJob, query: str = "") -> str:
        response = self.client.get(f"/planner/import/{job.pk}/{query}")
        assert response.status_code == 200
        return response.content.decode()

    def stored(self, programme: Programme, *paths: Path) -> ImportJob:
        job = self.send(*paths)
        self.check(job, programme)
        self.do(job, "store")
        return job

    def create(self, *files: tuple[str, int]) -> HttpResponse:
        told = [{"name": name, "size": size, "fingerprint": name} for name, size in files]
        return self.client.post(  # type: ignore[return-value]
            "/planner/import/create/",
            json.dumps({"files": told}),
            content_type="application/json",
        )

    def patch(self, url: str, content: bytes, offset: int) -> HttpResponse:
        return self.client.patch(  # type: ignore[return-value]
            url,
            content,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    def complete(self, url: str, *contents: bytes) -> HttpResponse:
        digests = [hashlib.sha256(content).hexdigest() for content in contents]
        return self.client.post(  # type: ignore[return-value]
            url, json.dumps({"sha256": digests}), content_type="application/json"
        )


def signed_in(user: Any) -> Planner:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return Planner(client)


@pytest.fixture
def planner(cast: Cast) -> Planner:
    return signed_in(cast.alice)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three estates, GBK, CGCS2000."""
    return zipped(tmp_path / "小区.zip", siblings(write(tmp_path / "sent")))
