"""A tablet's unsent work from a file: the same as if it had been sent, and as often as one likes."""

import io
import zipfile
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import Inspection, Operation, Photo, Site
from tests.conftest import Cast
from tests.factories import picture
from tests.projects.sync.tablet import Tablet, sha256, target

DATA = picture((40, 30))


@pytest.fixture
def unsent(bob: Tablet, site: Site) -> list[dict[str, str]]:
    visit = bob.write("inspection", {"site": [None, str(site.pk)], "note": [None, "未传"]})
    photo = bob.write(
        "photo",
        {
            "site": [None, str(site.pk)],
            "inspection": [None, target(visit)],
            "sha256": [None, sha256(DATA)],
            "size": [None, len(DATA)],
        },
    )
    return [visit, photo]


def packed(ops: list[Any], photos: dict[str, bytes], name: str = "ops.jsonl") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, b"".join(orjson.dumps(op) + b"\n" for op in ops))
        for number, data in photos.items():
            file.writestr(f"photos/{number}", data)
    return out.getvalue()


def load(office: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("平板.zip", content)
    return office.post("/planner/tray/load/", {"file": file})


def test_it_is_taken_in_and_its_author_stays_its_author(
    office: Client, bob: Tablet, unsent: list[dict[str, str]], cast: Cast
) -> None:
    content = packed(unsent, {target(unsent[1]): DATA})
    page = load(office, content)
    assert page.status_code == 200
    assert "1" in page.content.decode()
    found = Inspection.objects.get()
    assert (found.note, found.inspector) == ("未传", bob.user)
    photo = Photo.objects.get()
    assert (photo.sha256, photo.inspection) == (sha256(DATA), found)
    assert set(Operation.objects.values_list("loaded_by", flat=True)) == {cast.alice.pk}
    again = load(office, content)
    assert again.status_code == 200
    assert [one["status"] for one in bob.push(*unsent)] == ["duplicate", "duplicate"]
    assert Inspection.objects.count() == Photo.objects.count() == 1


def test_what_was_sent_before_is_not_said_to_be_loaded(
    office: Client, bob: Tablet, unsent: list[dict[str, str]]
) -> None:
    bob.push(unsent[0])
    load(office, packed(unsent, {}))
    assert Operation.objects.filter(loaded_by=None).count() == 1


def test_damaged_lines_and_pictures_harm_none_of_the_rest(
    office: Client, unsent: list[dict[str, str]]
) -> None:
    ops = [{"nonsense": 1}, "text", {"body": "{", "sha256": "x"}, *unsent]
    wrong = {target(unsent[1]): DATA[:-1] + b"x", "not-a-number": b"x"}
    page = load(office, packed(ops, wrong)).content.decode()
    assert Inspection.objects.count() == 1
    assert not Photo.objects.exists()
    assert Operation.objects.filter(code="hash-mismatch").count() == 1
    assert "0" in page
    assert load(office, packed(unsent, {target(unsent[1]): DATA})).status_code == 200
    assert Photo.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip at all", packed([], {}, "other.jsonl"), packed([], {}, "../ops.jsonl")],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(office: Client, content: bytes) -> None:
    response = load(office, content)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Operation.objects.exists()
