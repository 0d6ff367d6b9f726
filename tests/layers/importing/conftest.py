"""The city of these tests, and where foreign sample files may lie. No database is needed."""

import os
from collections.abc import Iterator
from pathlib import Path

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


def corpora() -> Path | None:
    """Sample files from other projects: ``GIS_CORPORA``, or a ``corpora`` folder near the house."""
    stated = os.environ.get("GIS_CORPORA")
    if stated:
        return Path(stated)
    house = Path(__file__).resolve().parents[3]
    return next(iter(sorted(house.parent.glob("*/corpora"))), None)
