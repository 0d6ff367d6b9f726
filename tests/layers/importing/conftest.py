"""The city of these tests, and where foreign sample files may lie. No database is needed."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from gis_projects.geo.bbox import BBox

if not settings.configured:
    settings.configure(USE_I18N=False)


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
