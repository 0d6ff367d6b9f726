"""The city of these tests, and the language of its sentences. No database is needed."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from gis_projects.geo.bbox import BBox


@pytest.fixture(autouse=True)
def _sentences_in_english() -> Iterator[None]:
    """These tests read the msgids; the Chinese that people see is tested with the pages."""
    with translation.override("en"):
        yield


@pytest.fixture
def city() -> BBox:
    """Roughly the extent of Qiqihar."""
    return BBox(122.4, 45.7, 126.8, 49.0)
