"""Photographs arrive in parts, are verified, and are never lost between two chairs."""

import errno
import io
import uuid
from pathlib import Path

import orjson
import pytest
from django.conf import settings

from layers.quarantine.runner import Reason, Stopped
from projects import evidence
from projects.models import Inspection, Operation, Photo, PhotoUpload, Programme, Site
from projects.sync import photos
from tests.factories import bring_to, make_site, picture
from tests.projects.sync.tablet import Tablet, op_id, sha256, target


def announce(tablet: Tablet, where: Site, data: bytes, **changes: list[object]) -> dict[str, str]:
    values: dict[str, list[object]] = {
        "site": [None, str(where.pk)],
        "sha256": [None, sha256(data)],
        "size": [None, len(data)],
        "role": [None, "during"],
    }
    return tablet.write("photo", values | changes)


def files() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_photograph_comes_with_its_place_and_its_visit(bob: Tablet, site: Site) -> None:
    data = picture((80, 60))
    visit = bob.write("inspection", {"site": [None, str(site.pk)]})
    op = announce(
        bob,
        site,
        data,
        inspection=[None, target(visit)],
        taken_at=[None, "2022-06-01T02:00:00Z"],
        lon=[None, 123.6],
        lat=[None, 47.1],
        bearing_deg=[None, 271.5],
        accuracy_m=[None, 3.0],
    )
    bob.push(visit, op)
    assert bob.offset(target(op)) == 0
    response = bob.send(target(op), data, 0)
    assert (response.status_code, response["Upload-State"]) == (204, "verified")
    photo = Photo.objects.get(pk=target(op))
    assert photo.inspection_id == uuid.UUID(target(visit))
    assert (photo.bearing_deg, photo.accuracy_m, photo.sha256) == (271.5, 3.0, sha256(data))
    assert photo.taken_at is not None
    assert photo.taken_at.isoformat() == "2022-06-01T02:00:00+00:00"
    assert (Path(settings.MEDIA_ROOT) / photo.original).read_bytes() == data
    assert not any(name.startswith("parts/") for name in files())


def test_a_marked_copy_names_its_photograph_and_is_for_the_staff(bob: Tablet, site: Site) -> None:
    original, copy = picture(), picture(colour="red")
    first = announce(bob, site, original)
    second = announce(bob, site, copy, role=[None, "other"], sketch_of=[None, target(first)])
    bob.push(second, first)
    for op, data in ((second, copy), (first, original)):
        assert bob.send(target(op), data, 0)["Upload-State"] == "verified"
    marked = Photo.objects.get(sketch_of=target(first))
    assert (marked.role, marked.published) == ("other", False)
    assert Photo.objects.get(pk=target(first)).published


def test_cut_at_every_chunk_it_goes_on_where_it_stands(bob: Tablet, site: Site) -> None:
    data = picture((200, 200))
    op = announce(bob, site, data)
    bob.push(op)
    step = max(1, len(data) // 23)
    for at in range(0, len(data), step):
        assert bob.offset(target(op)) == at
        response = bob.send(target(op), data[at : at + step], at)
        assert response.status_code == 204
        assert int(response["Upload-Offset"]) == min(at + step, len(data))
    assert Photo.objects.get().sha256 == sha256(data)


def test_bytes_for_another_place_are_not_taken(bob: Tablet, site: Site) -> None:
    data = picture()
    op = announce(bob, site, data)
    bob.push(op)
    bob.send(target(op), data[:10], 0)
    for at in (0, 9, 11, len(data)):
        response = bob.send(target(op), b"xx", at)
        assert response.status_code == 409
        assert orjson.loads(response.content)["offset"] == 10
    assert bob.offset(target(op)) == 10


def test_a_flipped_bit_makes_it_come_again(bob: Tablet, site: Site) -> None:
    data = picture()
    op = announce(bob, site, data)
    bob.push(op)
    damaged = bytes([data[0] ^ 1]) + data[1:]
    response = bob.send(target(op), damaged, 0)
    assert response.status_code == 422
    assert not Photo.objects.exists()
    assert bob.offset(target(op)) == 0
    assert bob.send(target(op), data, 0)["Upload-State"] == "verified"


def test_a_lost_answer_is_given_again(bob: Tablet, site: Site) -> None:
    data = picture()
    op = announce(bob, site, data)
    bob.push(op)
    bob.send(target(op), data, 0)
    again = bob.send(target(op), b"", len(data))
    assert (again.status_code, again["Upload-State"]) == (204, "verified")
    assert Photo.objects.count() == 1


def test_whole_but_not_verified_when_the_server_died_it_is_verified_by_asking(
    bob: Tablet, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = picture()
    op = announce(bob, site, data)
    bob.push(op)

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(photos, "_keep", dies)
    with pytest.raises(KeyboardInterrupt):
        photos.append(PhotoUpload.objects.get(), 0, io.BytesIO(data))
    monkeypatch.undo()
    assert PhotoUpload.objects.get().state == "waiting"
    assert bob.offset(target(op)) == len(data)
    assert bob.send(target(op), b"", len(data))["Upload-State"] == "verified"
    assert Photo.objects.get().sha256 == sha256(data)


def test_without_room_it_stops_and_goes_on_later(
    bob: Tablet, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = picture()
    op = announce(bob, site, data)
    bob.push(op)
    bob.send(target(op), data[:100], 0)

    def full(_data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(evidence, "store_picture", full)
    response = bob.send(target(op), data[100:], 100)
    assert response.status_code == 507
    assert orjson.loads(response.content)["type"] == "/problems/storage-full"
    monkeypatch.undo()
    here = bob.offset(target(op))
    assert bob.send(target(op), data[here:], here)["Upload-State"] == "verified"
    assert Photo.objects.get().sha256 == sha256(data)


def test_before_its_inspection_it_finds_it_later(bob: Tablet, site: Site) -> None:
    data = picture()
    visit = bob.write("inspection", {"site": [None, str(site.pk)]})
    op = announce(bob, site, data, inspection=[None, target(visit)])
    bob.push(op)
    bob.send(target(op), data, 0)
    assert Photo.objects.get().inspection is None
    bob.push(visit)
    assert Photo.objects.get().inspection == Inspection.objects.get()


def test_of_a_site_that_is_gone_the_bytes_are_kept(bob: Tablet, site: Site) -> None:
    data = picture()
    op = announce(bob, site, data)
    site.transitions.all().delete()
    site.delete()
    assert bob.push_one(op)["code"] == "site-gone"
    assert bob.send(target(op), data, 0)["Upload-State"] == "verified"
    row = PhotoUpload.objects.get()
    assert (row.code, row.photo) == ("site-gone", None)
    assert (Path(settings.MEDIA_ROOT) / row.original).read_bytes() == data


def test_what_is_no_picture_is_kept_and_told_to_the_office(bob: Tablet, site: Site) -> None:
    data = b"GIF89a, or so it says"
    op = announce(bob, site, data)
    bob.push(op)
    assert bob.send(target(op), data, 0)["Upload-State"] == "verified"
    row = PhotoUpload.objects.get()
    assert row.photo is None
    assert (Path(settings.MEDIA_ROOT) / row.original).read_bytes() == data
    assert Operation.objects.get().code == "photo-unreadable"


def test_the_same_picture_under_two_numbers_is_one_and_both_are_verified(
    bob: Tablet, site: Site
) -> None:
    data = picture()
    ops = [announce(bob, site, data), announce(bob, site, data)]
    bob.push(*ops)
    for op in ops:
        assert bob.send(target(op), data, 0)["Upload-State"] == "verified"
    assert Photo.objects.count() == 1
    assert len(set(PhotoUpload.objects.values_list("photo", flat=True))) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": [None, 0]}, "value-invalid"),
        ({"size": [None, 10**9]}, "too-large"),
        ({"sha256": [None, "zz"]}, "value-invalid"),
        ({"role": [None, "selfie"]}, "value-invalid"),
        ({"lat": [None, 99]}, "value-invalid"),
        ({"site": [None, None]}, "value-invalid"),
    ],
)
def test_what_cannot_be_a_photograph_is_refused(
    bob: Tablet, site: Site, changes: dict[str, list[object]], code: str
) -> None:
    answer = bob.push_one(announce(bob, site, picture(), **changes))
    assert (answer["status"], answer["code"]) == ("quarantined", code)
    assert not PhotoUpload.objects.exists()


def test_nobody_adds_to_anothers_photograph(bob: Tablet, charlie: Tablet, site: Site) -> None:
    op = announce(bob, site, picture())
    bob.push(op)
    assert charlie.client.head(f"/api/sync/photos/{target(op)}").status_code == 404
    assert charlie.send(target(op), b"x", 0).status_code == 404
    assert bob.client.head(f"/api/sync/photos/{uuid.uuid4()}").status_code == 404


def test_a_step_waits_for_the_photograph_that_it_asks_for(alice: Tablet, parks: Programme) -> None:
    site = bring_to(make_site(parks), "started", "done")
    data = picture()
    step = alice.write("site", {"state": ["done", "accepted"]}, target=site.pk)
    photo = announce(alice, site, data, role=[None, "after"])
    held = alice.push(photo, step)[1]
    assert (held["status"], held["code"]) == ("held", "photo-awaited")
    alice.send(target(photo), data, 0)
    assert alice.push_one(step)["first"] == "applied"
    site.refresh_from_db()
    assert site.state.key == "accepted"


def test_the_receipt_says_what_is_here_of_each(bob: Tablet, site: Site) -> None:
    data = picture()
    visit = bob.write("inspection", {"site": [None, str(site.pk)]})
    op = announce(bob, site, data)
    bob.push(visit, op)
    bob.send(target(op), data[:50], 0)
    unknown = str(uuid.uuid4())
    body = {"ops": [op_id(visit), unknown], "photos": [target(op), unknown]}
    found = orjson.loads(bob.post("receipt", body).content)
    assert [one["op_id"] for one in found["ops"]] == [op_id(visit)]
    assert found["photos"] == [{"id": target(op), "state": "waiting", "code": "", "offset": 50}]


def test_one_that_cannot_be_looked_at_just_now_is_sent_to_the_end_later(
    bob: Tablet, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = picture((80, 60))
    op = announce(bob, site, data)
    bob.push(op)

    def busy(*_given: object) -> None:
        raise Stopped(Reason.BUSY)

    with monkeypatch.context() as patch:
        patch.setattr("layers.quarantine.runner.start", busy)
        refused = bob.send(target(op), data, 0)
    assert refused.status_code == 503
    assert refused.json()["type"] == "/problems/reading-unavailable"
    assert refused["Retry-After"] == "30"
    assert not Photo.objects.exists()
    assert bob.offset(target(op)) == len(data)
    response = bob.send(target(op), b"", len(data))
    assert (response.status_code, response["Upload-State"]) == (204, "verified")
    assert Photo.objects.get(pk=target(op)).sha256 == sha256(data)
