"""Photographs and inspections: kept once, whole, and without what a picture should not tell the public."""

import datetime as dt
import hashlib
import io
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import ExifTags, Image

from gis_projects.http.problems import FormatUnsupported, ReadingUnavailable, TooLarge
from layers.quarantine.runner import Reason, Stopped
from projects.evidence import NewPhoto, add_inspection, add_photo, pair_photos
from projects.models import Inspection, Photo, PhotoPair, Programme, Site
from tests.conftest import Cast
from tests.factories import make_site, picture

NOW = dt.datetime(2022, 7, 1, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def site(parks: Programme) -> Site:
    return make_site(parks)


def with_exif() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (47.0, 6.0, 0.0)
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2022:06:15 09:30:00"
    exif[ExifTags.Base.Orientation] = 6
    return picture((60, 40), exif=exif)


def stored(name: str) -> bytes:
    return (Path(settings.MEDIA_ROOT) / name).read_bytes()


def test_the_original_is_kept_byte_for_byte(site: Site) -> None:
    data = with_exif()
    photo = add_photo(site, NewPhoto(data, "before"), by=None)
    assert stored(photo.original) == data
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert timezone.localtime(photo.taken_at).isoformat() == "2022-06-15T09:30:00+08:00"


def test_the_shown_copy_is_upright_and_has_no_metadata(site: Site) -> None:
    photo = add_photo(site, NewPhoto(with_exif(), "before"), by=None)
    shown = Image.open(io.BytesIO(stored(photo.display)))
    assert shown.size == (40, 60)
    assert not dict(shown.getexif())
    assert b"EXIF" not in stored(photo.display)


def test_the_same_picture_twice_is_one_row(site: Site) -> None:
    one = add_photo(site, NewPhoto(picture(), "before"), by=None)
    two = add_photo(site, NewPhoto(picture(), "after"), by=None)
    assert one.pk == two.pk
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", picture()[:200]])
def test_what_is_no_photograph_is_refused_and_nothing_stored(site: Site, data: bytes) -> None:
    with pytest.raises(FormatUnsupported, match="JPEG"):
        add_inspection(site, by=None, at=NOW, note="x", photos=[NewPhoto(data, "during")])
    assert not Photo.objects.exists()
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("reason", [Reason.UNAVAILABLE, Reason.BUSY, Reason.KILLED])
def test_one_that_cannot_be_looked_at_is_told_so_and_nothing_stored(
    site: Site, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    def stopped(*_given: object) -> None:
        raise Stopped(reason)

    monkeypatch.setattr("layers.quarantine.runner.start", stopped)
    with pytest.raises(ReadingUnavailable):
        add_inspection(site, by=None, at=NOW, note="x", photos=[NewPhoto(picture(), "during")])
    client.force_login(cast.alice)
    sent = {"note": "x", "role": "during", "photos": SimpleUploadedFile("a.jpg", picture())}
    response = client.post(f"/field/sites/{site.pk}/inspect/", sent)
    assert response.status_code == 422
    assert "照片暂时无法读取" in response.content.decode()
    assert not Photo.objects.exists()
    assert not Inspection.objects.exists()


def test_too_many_bytes_or_pixels_are_refused(site: Site, settings: object) -> None:
    settings.PHOTO_MAX_BYTES = 100  # type: ignore[attr-defined]
    with pytest.raises(TooLarge, match="MB"):
        add_photo(site, NewPhoto(picture(), "before"), by=None)
    settings.PHOTO_MAX_BYTES = 10_000_000  # type: ignore[attr-defined]
    settings.PHOTO_MAX_PIXELS = 100  # type: ignore[attr-defined]
    with pytest.raises(TooLarge, match="像素"):
        add_photo(site, NewPhoto(picture(), "before"), by=None)


def test_an_inspection_that_is_sent_again_is_the_same_one(site: Site) -> None:
    identifier = uuid.uuid4()
    for _attempt in range(2):
        add_inspection(
            site, by=None, at=NOW, note="到场", progress=40, inspection_id=identifier,
            photos=[NewPhoto(picture(), "during")],
        )  # fmt: skip
    assert Inspection.objects.count() == Photo.objects.count() == 1
    site.refresh_from_db()
    assert (site.progress, site.revision) == (40, 2)


def test_the_first_before_stands_beside_the_last_after(site: Site) -> None:
    for day, role, colour in [
        (1, "before", "red"),
        (2, "before", "blue"),
        (8, "after", "green"),
        (9, "after", "white"),
    ]:
        at = NOW + dt.timedelta(days=day)
        add_photo(site, NewPhoto(picture(colour=colour), role, taken_at=at), by=None)
    pair_photos(site)
    pair_photos(site)
    pair = PhotoPair.objects.get()
    assert (pair.before.taken_at.day, pair.after.taken_at.day) == (2, 10)


def test_no_pair_without_an_after(site: Site) -> None:
    add_photo(site, NewPhoto(picture(), "before"), by=None)
    pair_photos(site)
    assert not PhotoPair.objects.exists()
