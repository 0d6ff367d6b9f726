"""The same invented features for everybody: points, lines and polygons over the city, half of them in towns."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

WEST, SOUTH, EAST, NORTH = 123.0, 46.5, 125.0, 48.3
KINDS = ["绿化", "道路", "管网", "水利", "矿山", "住房"]
ZOOMS = range(6, 15)
CHUNK = 20_000


def chunks(count: int) -> Iterator[tuple[np.ndarray, list[dict[str, Any]]]]:
    """Geometries (EPSG:4326) and eight attributes each."""
    random = np.random.default_rng(2022)
    for start in range(0, count, CHUNK):
        places = _places(random, min(CHUNK, count - start))
        yield (
            np.array([_shape(random, at, *place) for at, place in enumerate(places)], dtype=object),
            [_attributes(random, start + at) for at in range(len(places))],
        )


def tiles(
    count: int, wanted: int = 200, of_zooms: Sequence[int] = ZOOMS
) -> list[tuple[int, int, int]]:
    """Tiles where features are, as many of each zoom; the same each time."""
    from gis_projects.geo.tile_matrix import tile_at

    random = np.random.default_rng(7)
    places = _places(random, wanted)
    zooms = list(of_zooms) * (wanted // len(of_zooms) + 1)
    return [(z, *tile_at(x, y, z)) for z, (x, y) in zip(zooms, places, strict=False)]


def _places(random: np.random.Generator, count: int) -> np.ndarray:
    anywhere = random.uniform((WEST, SOUTH), (EAST, NORTH), (count, 2))
    towns = np.random.default_rng(1).uniform((WEST, SOUTH), (EAST, NORTH), (12, 2))
    near = towns[random.integers(0, 12, count)] + random.normal(0, 0.05, (count, 2))
    return np.where(random.random((count, 1)) < 0.5, near, anywhere)


def _shape(random: np.random.Generator, at: int, x: float, y: float) -> Any:
    if at % 3 == 0:
        return shapely.Point(x, y)
    size = float(random.exponential(0.002))
    if at % 3 == 1:
        steps = random.normal(0, size, (8, 2)).cumsum(axis=0)
        return shapely.LineString(steps + np.array([x, y]))
    angles = np.linspace(0, 2 * np.pi, int(random.integers(6, 15)))[:-1]
    radii = size * random.uniform(0.5, 1, len(angles))
    return shapely.Polygon(
        np.column_stack([x + radii * np.cos(angles), y + radii * np.sin(angles)])
    )


def _attributes(random: np.random.Generator, number: int) -> dict[str, Any]:
    return {
        "code": f"B-{number:07d}",
        "kind": KINDS[number % 6],
        "phase": ["planned", "working", "completed"][number % 3],
        "year": 2015 + number % 10,
        "area": round(float(random.exponential(50)), 2),
        "progress": int(random.integers(0, 101)),
        "public": number % 2 == 0,
        "note": f"第{number % 500}号地块",
    }
