"""Photos from the ground: every kind and role, marked, dated, placed, aligned."""

import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from projects.demo.imagery import stamp
from projects.demo.imagery.batch import PhotoJob, run
from projects.demo.imagery.photos import PHOTO_KINDS, PHOTO_ROLES, render_photo

DAY = date(2022, 5, 6)


def photo(kind: str, role: str, seed: str = "one") -> bytes:
    return render_photo(kind, role, seed, DAY, 123.9512345, 47.3501234, 77.5)


@pytest.mark.parametrize("kind", PHOTO_KINDS)
def test_it_draws_three_different_pictures_of_a_place(kind: str) -> None:
    contents = [photo(kind, role) for role in PHOTO_ROLES]
    assert len(set(contents)) == 3
    for content in contents:
        assert 60_000 < len(content) < 240_000
        assert Image.open(io.BytesIO(content)).size == (1280, 960)


def test_it_gives_the_same_bytes_again() -> None:
    assert photo("compound", "after") == photo("compound", "after")
    assert photo("compound", "after") != photo("compound", "after", "two")


def test_it_writes_when_and_where_into_the_exif() -> None:
    exif = Image.open(io.BytesIO(photo("gully", "before"))).getexif()
    detail, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert detail[ExifTags.Base.DateTimeOriginal] == "2022:05:06 10:30:00"
    degrees, minutes, seconds = (float(part) for part in gps[ExifTags.GPS.GPSLongitude])
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(123.9512345, abs=1e-7)
    assert float(gps[ExifTags.GPS.GPSImgDirection]) == 77.5
    assert "simulated" in str(exif[ExifTags.Base.ImageDescription])


def test_it_stamps_every_photo() -> None:
    pixels = np.asarray(Image.open(io.BytesIO(photo("wind", "after")))).astype(int)
    label = pixels[915:955, 12:440]
    assert (label.min(axis=2) > 200).sum() > 400
    assert (label.max(axis=2) < 90).sum() > 2000


def test_it_refuses_unknown_kinds_and_roles() -> None:
    with pytest.raises(ValueError, match="no photo of kind"):
        photo("castle", "before")
    with pytest.raises(ValueError, match="no role"):
        photo("mine", "later")


def test_it_names_the_package_when_no_chinese_font_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stamp, "_FONTS", [])
    stamp.font.cache_clear()
    with pytest.raises(stamp.FontMissing, match="fonts-noto-cjk"):
        stamp.font(20)


@pytest.mark.parametrize("processes", [0, 2])
def test_it_writes_the_files_of_a_batch(tmp_path: Path, processes: int) -> None:
    jobs = [
        PhotoJob("wind", role, "one", DAY, 123.9, 47.3, 10, tmp_path / "w" / f"{role}.jpg")
        for role in ("before", "after")
    ]
    done = list(run(jobs, processes))
    assert {job.path for job in done if isinstance(job, PhotoJob)} == {job.path for job in jobs}
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == ["after.jpg", "before.jpg"]
