import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasterio.transform import from_origin

from layers.importing.archive import Part
from projects.models import Programme, Site
from projects.scenes.bringing import Brought, NewScene, bring_in
from projects.scenes.record import Place
from tests.factories import make_site
from tests.layers.raster.pictures import colours, tiff

# Around the site of the factories, near 123.605 E, 47.105 N, in EPSG:4529.
OVER_SITE = from_origin(41_545_000, 5_220_000, 10, 10)

Bring = Callable[..., Brought]


@pytest.fixture
def site(parks: Programme) -> Site:
    return make_site(parks)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., list[Part]]:
    """A GeoTIFF over the site, as it was sent; further options go to the file."""

    def make(name: str = "现状.tif", dtype: str = "uint8", **options: Any) -> list[Part]:
        path = tmp_path / f"sent-{len(list(tmp_path.glob('sent-*')))}.part"
        bands = colours().astype(np.dtype(dtype)) * (1 if dtype == "uint8" else 200)
        return [Part(name, tiff(path, bands, **{"transform": OVER_SITE, **options}))]

    return make


@pytest.fixture
def bring(site: Site, picture: Callable[..., list[Part]]) -> Bring:
    """Bring a picture in; ``role`` puts it beside the site."""

    def run(role: str = "", *, replace: bool = False, parts: Any = None, **values: Any) -> Brought:
        place = Place(site, role, replace) if role else None
        usual = {"name": "航片", "acquired_on": dt.date(2022, 5, 1), "sensor": "无人机"}
        new = NewScene(place=place, **{**usual, **values})
        return bring_in(parts or picture(), new, by=None)

    return run
