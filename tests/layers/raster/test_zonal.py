"""Statistics inside a polygon, held against exactextract, rasterio.mask and figures worked out by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.mask
import shapely
from exactextract import exact_extract
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon, box, mapping

from gis_projects.geo.crs import transform
from gis_projects.geo.measure import area_m2
from layers.raster import zonal as room
from layers.raster.errors import BandMissing, NoOverlap, RoleMissing
from layers.raster.looks import Look
from layers.raster.zonal import zonal
from tests.layers.raster.scenes import LAT, LON, grid_around, plain, write

BAND = Look(bands=(1,))
NDVI = Look(index="ndvi")
ROLES = ["red", "green", "blue", "nir"]
STAR = Polygon(
    [
        (0, 3),
        (1, 1),
        (3, 0.6),
        (1.2, -0.6),
        (2, -3),
        (0, -1.4),
        (-2, -3),
        (-1.2, -0.6),
        (-3, 0.6),
        (-1, 1),
    ]
)


def star(size_m: float, lon: float = LON, lat: float = LAT) -> Polygon:
    """Around a place, in degrees."""
    scale = size_m / 111_320 / 3
    return Polygon([(lon + x * scale * 1.48, lat + y * scale) for x, y in STAR.exterior.coords])


def noise(side: int = 400, dtype: str = "float32", seed: int = 5) -> NDArray[Any]:
    return np.random.default_rng(seed).uniform(0, 1000, (1, side, side)).astype(dtype)


def exact(path: Path, geometry: Polygon, crs: Any) -> dict[str, float]:
    there = transform(shapely.segmentize(geometry, 0.001), 4326, crs)
    feature = {"type": "Feature", "geometry": mapping(there), "properties": {}}
    ops = ["count", "mean", "stdev", "min", "max"]
    with rasterio.open(path) as dataset:
        found: dict[str, float] = exact_extract(dataset, feature, ops)[0]["properties"]
    return found


@pytest.mark.parametrize("size_m", [3, 17, 60, 240])
@pytest.mark.parametrize(("srid", "pixel"), [(32651, 2.0), (4529, 2.0), (4326, 2e-5), (4490, 2e-5)])
def test_it_agrees_with_exactextract(
    tmp_path: Path, srid: int, pixel: float, size_m: float
) -> None:
    path = write(tmp_path / "a.tif", noise(), srid, grid_around(srid, pixel, 400, 400))
    found, expected = zonal(path, star(size_m), BAND), exact(path, star(size_m), srid)
    assert found.count == pytest.approx(expected["count"], rel=1e-5, abs=1e-5)
    assert found.mean == pytest.approx(expected["mean"], rel=1e-5)
    assert found.std == pytest.approx(expected["stdev"], rel=1e-4, abs=1e-3)
    assert (found.min, found.max) == pytest.approx((expected["min"], expected["max"]))
    assert found.decimation == 1


def test_it_agrees_with_exactextract_where_data_is_missing(tmp_path: Path) -> None:
    bands = noise()
    bands[0, ::3, ::2] = -1
    path = write(tmp_path / "a.tif", bands, nodata=-1)
    found, expected = zonal(path, star(200), BAND), exact(path, star(200), 32651)
    assert found.count == pytest.approx(expected["count"], rel=1e-5)
    assert found.mean == pytest.approx(expected["mean"], rel=1e-5)
    assert found.nodata_share == pytest.approx(1 / 6, abs=0.01)


def test_on_many_pixels_it_is_near_to_the_rule_of_the_centre(tmp_path: Path) -> None:
    """rasterio.mask counts a pixel when its centre lies inside: on 15,000 of them within a half per cent."""
    path = write(tmp_path / "a.tif", noise())
    found = zonal(path, star(350), BAND)
    with rasterio.open(path) as dataset:
        cut, _ = rasterio.mask.mask(dataset, [transform(star(350), 4326, 32651)], filled=False)
    assert found.count > 15_000
    assert found.count == pytest.approx(cut.count(), rel=0.005)
    assert found.mean == pytest.approx(float(cut.mean()), rel=0.005)
    ranks = np.percentile(cut.compressed(), room.PERCENTILES)
    assert list(found.percentiles.values()) == pytest.approx(ranks.tolist(), rel=0.03)


def test_a_rotated_grid_gives_what_the_upright_one_gives(tmp_path: Path) -> None:
    """A plane of values over the ground, so that each grid samples the same: the mean is the centroid's."""
    means = []
    for degrees in (0.0, 33.0, 180.0):
        grid = grid_around(32651, 2.0, 400, 400, degrees)
        rows, columns = np.mgrid[0:400, 0:400] + 0.5
        x, y = grid @ (columns, rows)
        bands = ((x - 570_000) / 100 + (y - 5_240_000) / 50)[None]
        path = write(tmp_path / f"{degrees}.tif", bands.astype(np.float64), 32651, grid)
        means.append(zonal(path, star(240), BAND).mean)
    assert means[1:] == pytest.approx([means[0]] * 2, abs=0.005)


def test_the_area_is_that_of_the_polygon_on_the_ellipsoid(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", plain(7))
    found = zonal(path, star(240), BAND)
    assert found.area_m2 == pytest.approx(area_m2(star(240)), rel=1e-9)
    assert (found.mean, found.std, found.nodata_share) == pytest.approx((7, 0, 0), abs=1e-9)


def test_what_lies_outside_the_scene_is_without_data(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", plain(7))
    west, south, east, north = _bounds(path)
    quarter = (north - south) / 4
    half = box(
        2 * west - _middle(west, east), south + quarter, _middle(west, east), north - quarter
    )
    found = zonal(path, half, BAND)
    assert found.nodata_share == pytest.approx(0.5, abs=0.02)
    assert found.area_m2 == pytest.approx(area_m2(half) / 2, rel=0.04)


def _middle(west: float, east: float) -> float:
    return west + (east - west) / 4


def _bounds(path: Path) -> tuple[float, ...]:
    with rasterio.open(path) as dataset:
        return tuple(transform(box(*dataset.bounds), dataset.crs.to_epsg(), 4326).bounds)


def test_an_index_inside_a_polygon(tmp_path: Path) -> None:
    bands = plain(50, 60, 70, 200)
    bands[:, :, :256] = plain(100, 60, 70, 100)[:, :, :256]
    path = write(tmp_path / "a.tif", bands)
    found = zonal(path, star(240), NDVI, ROLES)
    assert (found.min, found.max) == pytest.approx((0, 0.6))
    assert found.mean == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(("limit", "decimation"), [(1 << 20, 1), (20_000, 4), (5_000, 5)])
def test_a_large_polygon_is_read_from_an_overview_which_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, decimation: int
) -> None:
    """Overviews are 2 and 4; where none is coarse enough, the reading is decimated as far as it takes."""
    monkeypatch.setattr(room, "MAX_PIXELS", limit)
    path = write(tmp_path / "a.tif", noise())
    found = zonal(path, star(350), BAND)
    assert found.decimation == pytest.approx(decimation, rel=0.01)
    assert found.mean == pytest.approx(500, rel=0.02)
    assert found.area_m2 == pytest.approx(area_m2(star(350)), rel=1e-6)


def test_multipolygons_and_holes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", plain(7))
    ring = star(240).difference(star(90))
    both = shapely.union_all([ring, star(60, LON + 0.003)])
    assert zonal(path, both, BAND).area_m2 == pytest.approx(area_m2(both), rel=1e-9)


def test_refusals(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", plain(1, 2, 3, 4))
    with pytest.raises(NoOverlap):
        zonal(path, star(100, LON + 1), BAND)
    with pytest.raises(RoleMissing):
        zonal(path, star(100), NDVI)
    with pytest.raises(BandMissing):
        zonal(path, star(100), Look(bands=(5,)))
    for geometry in (Point(LON, LAT), LineString([(LON, LAT), (LON + 0.01, LAT)])):
        with pytest.raises(ValueError, match="polygon"):
            zonal(path, geometry, BAND)
    with pytest.raises(ValueError, match="one band"):
        zonal(path, star(100), Look(bands=(1, 2, 3)))
    empty = write(tmp_path / "b.tif", plain(0), nodata=0)
    with pytest.raises(NoOverlap):
        zonal(empty, star(100), BAND)
