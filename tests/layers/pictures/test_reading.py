"""A photograph from outside: facts and a clean copy, decoded in a child."""

import datetime as dt
import io

import pytest
from PIL import ExifTags, Image

from layers.pictures.reading import PictureRefused, PictureUnread, TooManyPixels, read_picture
from layers.quarantine.runner import Reason, Stopped
from tests.factories import picture


def read(data: bytes, max_pixels: int = 1_000_000) -> object:
    return read_picture(data, max_pixels=max_pixels, display_px=50)


def with_exif(**gps: object) -> bytes:
    exif = Image.Exif()
    for name, value in gps.items():
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS[name]] = value
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2022:06:15 09:30:00"
    exif[ExifTags.Base.Orientation] = 6
    return picture((120, 80), exif=exif)


def test_its_facts_are_plain_data() -> None:
    gps = {
        "GPSLatitude": (47.0, 21.0, 0.0),
        "GPSLatitudeRef": "N",
        "GPSLongitude": (123.0, 54.0, 36.0),
        "GPSLongitudeRef": "E",
        "GPSImgDirection": 211.5,
    }
    found = read_picture(with_exif(**gps), max_pixels=1_000_000, display_px=50)
    assert (found.extension, found.width_px, found.height_px) == ("jpeg", 120, 80)
    assert found.taken_at == dt.datetime(2022, 6, 15, 9, 30)
    assert found.lat == pytest.approx(47.35)
    assert found.lon == pytest.approx(123.91)
    assert found.bearing_deg == 211.5


def test_a_position_that_is_none_is_left_out() -> None:
    gps = {
        "GPSLatitude": (470.0, 0.0, 0.0),
        "GPSLongitude": (1.0, 0.0, 0.0),
        "GPSImgDirection": 900.0,
    }
    found = read_picture(with_exif(**gps), max_pixels=1_000_000, display_px=50)
    assert (found.lon, found.lat, found.bearing_deg) == (None, None, None)


def test_its_copy_is_upright_small_and_says_nothing() -> None:
    found = read_picture(with_exif(), max_pixels=1_000_000, display_px=50, thumb_px=25)
    for copy, size in ((found.display, (33, 50)), (found.thumb, (16, 25))):
        shown = Image.open(io.BytesIO(copy))
        assert (shown.format, shown.size) == ("WEBP", size)
        assert not dict(shown.getexif())


def test_pixels_are_counted_before_they_are_decoded() -> None:
    with pytest.raises(TooManyPixels):
        read(picture((60, 40)), max_pixels=2399)
    read(picture((60, 40)), max_pixels=2400)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", b"%!PS-Adobe", picture()[:200]])
def test_what_is_no_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(PictureRefused):
        read(data)


@pytest.mark.parametrize("reason", list(Reason))
def test_what_keeps_it_from_being_read_is_its_own_fault_or_ours(
    monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    def stopped(*_given: object) -> None:
        raise Stopped(reason)

    monkeypatch.setattr("layers.quarantine.runner.start", stopped)
    with pytest.raises(PictureUnread if reason.is_ours else PictureRefused):
        read(picture())
