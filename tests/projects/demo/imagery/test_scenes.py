"""Scene pairs: the same every time, aligned outside the site, changed inside it."""

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon

from layers.raster.cog import is_cog
from layers.raster.difference import Side, difference
from layers.raster.reader import describe
from projects.demo.imagery.frame import frame_around, mask_of, outline
from projects.demo.imagery.scenes import ScenePairImages, render_pair, write_pair

ROLES = ["red", "green", "blue", "nir"]
BEFORE, AFTER = date(2021, 8, 20), date(2022, 9, 3)
PLOT = Polygon([(123.9, 47.3), (123.908, 47.3012), (123.907, 47.3052), (123.8992, 47.304)])
REACH = LineString([(123.8, 47.3), (123.805, 47.304), (123.812, 47.305), (123.818, 47.309)])


@pytest.fixture(scope="module")
def mine() -> ScenePairImages:
    return render_pair("mine", PLOT, "one", BEFORE, AFTER)


@pytest.fixture(scope="module")
def greening() -> ScenePairImages:
    return render_pair("greening", PLOT, "one", BEFORE, AFTER)


def test_it_gives_the_same_bytes_again(greening: ScenePairImages) -> None:
    again = render_pair("greening", PLOT, "one", BEFORE, AFTER)
    assert _hash(again.before) == _hash(greening.before)
    assert _hash(again.after) == _hash(greening.after)


def test_it_gives_another_picture_for_another_seed(greening: ScenePairImages) -> None:
    other = render_pair("greening", PLOT, "two", BEFORE, AFTER)
    assert _hash(other.before) != _hash(greening.before)


@pytest.mark.parametrize("name", ["mine", "greening"])
def test_it_changes_the_site_and_not_its_surroundings(
    name: str, request: pytest.FixtureRequest
) -> None:
    pair: ScenePairImages = request.getfixturevalue(name)
    frame = frame_around(PLOT)
    site = mask_of(frame.shape, outline(frame.geometry)) > 0.5
    around = mask_of(frame.shape, outline(frame.geometry).buffer(40)) < 0.5
    around[-60:] = False  # the label there carries the date
    before, after = pair.before.mean(axis=2), pair.after.mean(axis=2)
    assert np.corrcoef(before[around], after[around])[0, 1] > 0.85
    assert np.corrcoef(before[site], after[site])[0, 1] < 0.6
    assert _greenness(pair.after)[site].mean() > _greenness(pair.before)[site].mean() + 0.05


@pytest.mark.parametrize(("kind", "geometry"), [("river", REACH), ("mine", PLOT)])
def test_it_writes_small_cogs_over_one_footprint(
    tmp_path: Path, kind: str, geometry: Polygon | LineString
) -> None:
    pair = render_pair(kind, geometry, "one", BEFORE, AFTER)  # type: ignore[arg-type]
    paths = tmp_path / "before.tif", tmp_path / "after.tif"
    write_pair(pair, *paths)
    footprints = [describe(path).footprint for path in paths]
    assert footprints[0].equals(footprints[1])
    assert footprints[0].buffer(1e-6).contains(geometry)
    for path in paths:
        assert is_cog(path)
        assert path.stat().st_size < 150_000


def test_greening_has_near_infrared_and_becomes_greener(
    tmp_path: Path, greening: ScenePairImages
) -> None:
    before, after = (Side(tmp_path / f"{role}.tif", ROLES) for role in ("before", "after"))
    write_pair(greening, before.path, after.path)
    assert describe(before.path).band_count == 4
    assert before.path.stat().st_size < 400_000
    found = difference(before, after, PLOT)
    assert 0 < found.before.mean < 0.3
    assert found.change.mean > 0.1
    assert found.gained_share > 0.5


def test_it_stamps_every_scene(mine: ScenePairImages) -> None:
    height = mine.before.shape[0]
    label = mine.before[height - 34 : height - 8, 10:270].astype(int)
    assert (label.min(axis=2) > 200).sum() > 200
    assert (label.max(axis=2) < 80).sum() > 800


@pytest.mark.parametrize("geometry", [Point(123.9, 47.3), REACH, PLOT])
@pytest.mark.parametrize("kind", ["mine", "greening", "river"])
def test_it_draws_any_kind_for_any_geometry(kind: str, geometry: Polygon) -> None:
    pair = render_pair(kind, geometry, "any", BEFORE, AFTER)  # type: ignore[arg-type]
    assert pair.before.shape == pair.after.shape


def test_it_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="empty"):
        render_pair("mine", Polygon(), "one", BEFORE, AFTER)
    with pytest.raises(ValueError, match="no scenes"):
        render_pair("castle", PLOT, "one", BEFORE, AFTER)  # type: ignore[arg-type]


def _hash(pixels: NDArray[np.uint8]) -> str:
    return hashlib.sha256(pixels.tobytes()).hexdigest()


def _greenness(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Green chromatic coordinate: G / (R + G + B)."""
    colour = pixels.astype(np.float64)
    return np.asarray(colour[..., 1] / (colour.sum(axis=2) + 1))
