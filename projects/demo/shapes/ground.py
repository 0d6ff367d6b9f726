"""What the shapes stand on: districts, towns and the river of the city folder; and free ground to draw on."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from shapely.geometry import LineString, shape
from shapely.geometry.base import BaseGeometry

from projects.demo.shapes.frame import Frame

# One degree of longitude at 47.5 N, in metres: turns a distance into degrees, generously north to south.
_M_PER_DEGREE = 75_000.0
_TRIES = 400


class NoRoom(RuntimeError):
    """A shape found no free ground in its district."""


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    district: str
    lon: float
    lat: float

    @property
    def short(self) -> str:
        """Without the word for its kind."""
        return self.name.removesuffix("街道").removesuffix("镇")


@dataclass(frozen=True)
class Ground:
    """districts, names: by GB/T 2260 code; geometries in EPSG:4326."""

    districts: dict[str, BaseGeometry]
    names: dict[str, str]
    places: list[Place]
    river: LineString

    @classmethod
    def load(cls, folder: Path) -> "Ground":
        """Read districts, places and river of a city folder. Raises OSError, KeyError."""
        districts = _features(folder / "districts.geojson")
        places = [
            Place(words["name"], words["district"], geometry.x, geometry.y)
            for words, geometry in _features(folder / "places.geojson")
        ]
        rivers = [geometry for _words, geometry in _features(folder / "nen.geojson")]
        return cls(
            {words["code"]: geometry for words, geometry in districts},
            {words["code"]: words["name"] for words, _geometry in districts},
            places,
            rivers[0],
        )

    @cached_property
    def by_district(self) -> dict[str, list[Place]]:
        """The places that lie in their schematic district, by its code."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            spot = Frame(place.lon, place.lat).point()
            if self.districts[place.district].contains(spot):
                found.setdefault(place.district, []).append(place)
        return found

    def place(self, name: str) -> Place:
        return next(place for place in self.places if place.name == name)


def _features(path: Path) -> list[tuple[dict[str, Any], Any]]:
    collection = json.loads(path.read_text("utf-8"))
    return [(item["properties"], shape(item["geometry"])) for item in collection["features"]]


@dataclass
class Plot:
    """Free ground for one programme: what it took stays taken. river_m: how far shapes stay from the river."""

    ground: Ground
    river_m: float = 500.0
    gap_m: float = 30.0
    taken: list[BaseGeometry] = field(default_factory=list)

    def fits(self, district: str, geometry: BaseGeometry) -> bool:
        gap = self.gap_m / _M_PER_DEGREE
        return (
            self.ground.districts[district].contains(geometry)
            and self.ground.river.distance(geometry) > self.river_m / _M_PER_DEGREE
            and all(other.distance(geometry) > gap for other in self.taken)
        )

    def put(
        self,
        rng: random.Random,
        place: Place,
        reach_m: tuple[float, float],
        draw: Callable[..., BaseGeometry],
        *words: Any,
    ) -> BaseGeometry:
        """Draw near a place, at a distance within reach_m, until it fits: draw(frame, *words). Raises NoRoom."""
        for frame in frames_around(rng, place, reach_m):
            geometry = draw(frame, *words)
            if self.fits(place.district, geometry):
                self.taken.append(geometry)
                return geometry
        raise NoRoom(f"{place.name}: {len(self.taken)} shapes stand already")


def frames_around(
    rng: random.Random, place: Place, reach_m: tuple[float, float]
) -> Iterator[Frame]:
    """Frames in all directions from a place; their turn is that of the fields, within 20 degrees of north."""
    for attempt in range(_TRIES):
        along = Frame(place.lon, place.lat, rng.uniform(0, 360))
        distance = rng.uniform(*reach_m) * (1 + attempt / _TRIES)
        yield along.moved(distance, 0.0, rng.uniform(-20, 20))
