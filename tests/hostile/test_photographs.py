"""Every hostile picture at the inspector's page: a sentence, no inspection, no file."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import Inspection, Photo
from tests.conftest import Cast
from tests.factories import make_city, make_programme, make_site
from tests.hostile import images
from tests.hostile.case import Bait, Case
from tests.hostile.conftest import Ear

CASES = [case for case in images.cases() if case.door == "photo"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_and_nothing_is_kept(
    case: Case, bait: Bait, ear: Ear, cast: Cast, tmp_path: Path, settings: object
) -> None:
    make_city()
    site = make_site(make_programme("parks"))
    folder = tmp_path / "sent"
    folder.mkdir()
    (path,) = case.make(folder, bait)
    client = Client()
    client.force_login(cast.alice)
    before = len(ear.calls)
    sent = SimpleUploadedFile(path.name, path.read_bytes(), "image/jpeg")
    form = {"note": "x", "role": "during", "photos": sent}
    answer = client.post(f"/field/sites/{site.pk}/inspect/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Traceback" not in page and str(bait.file) not in page
    assert Inspection.objects.count() == Photo.objects.count() == 0
    media = Path(settings.MEDIA_ROOT)  # type: ignore[attr-defined]
    assert [one for one in media.rglob("*") if one.is_file()] == []
    assert ear.calls[before:] == []
