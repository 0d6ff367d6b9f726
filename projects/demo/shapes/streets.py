"""Street grids of the towns: blocks to build in, and streets to lay pipes under."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from projects.demo.shapes.frame import XY, Frame
from projects.demo.shapes.ground import Ground, NoRoom, Place

BLOCK_W, BLOCK_H = 340.0, 260.0
_HALF_STREET = 18.0
CENTRAL = ("230202", "230203", "230204")
# Neighbouring streets follow one grid, turned a little as old streets are; every other town has its own.
_CENTRAL_FRAME = Frame(123.955, 47.345, -6.0)
_FRAMES = {
    **dict.fromkeys(CENTRAL, _CENTRAL_FRAME),
    "230205": Frame(123.81, 47.158, 4.0),
    "230206": Frame(123.63, 47.21, 11.0),
    "230207": Frame(122.884, 47.516, -9.0),
}
_REACH = 5


@dataclass(frozen=True, slots=True)
class Parcel:
    """Half of a block: the western (0) or the eastern (1), in its town's frame."""

    frame: Frame
    column: int
    row: int
    half: int

    @property
    def size(self) -> XY:
        """Width and height in metres."""
        return (BLOCK_W - 2 * _HALF_STREET) / 2 - 6, BLOCK_H - 2 * _HALF_STREET

    def rectangle(self, width: float, height: float) -> Polygon:
        """A rectangle of these metres in the parcel's south-west corner."""
        x = self.column * BLOCK_W + _HALF_STREET + self.half * (self.size[0] + 12)
        y = self.row * BLOCK_H + _HALF_STREET
        ring = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        return self.frame.polygon(ring)


@dataclass
class Town:
    """Parcels of all towns; what is built on stays so."""

    ground: Ground
    built: list[BaseGeometry] = field(default_factory=list)

    def build(self, rng: random.Random, place: Place, share: tuple[float, float]) -> BaseGeometry:
        """A rectangle on a free parcel near a place, filling a share of each of its sides. Raises NoRoom."""
        free = list(parcels(place))
        rng.shuffle(free)
        for parcel in free:
            width, height = (side * rng.uniform(*share) for side in parcel.size)
            shape = parcel.rectangle(width, height)
            if self._is_free(place.district, shape):
                self.built.append(shape)
                return shape
        raise NoRoom(place.name)

    def _is_free(self, district: str, shape: BaseGeometry) -> bool:
        inside = self.ground.districts[district].contains(shape)
        return inside and not any(other.intersects(shape) for other in self.built)


def frame_of(place: Place) -> Frame:
    """The frame of the grid that a place's streets follow."""
    shared = _FRAMES.get(place.district)
    return shared or Frame(place.lon, place.lat, round((place.lon * 1000) % 24) - 12.0)


def node_near(place: Place) -> tuple[int, int]:
    """Column and row of the crossing nearest to a place, in its grid."""
    frame = frame_of(place)
    return min(
        ((column, row) for column in range(-30, 31) for row in range(-40, 41)),
        key=lambda node: _off(frame, node, place),
    )


def _off(frame: Frame, node: tuple[int, int], place: Place) -> float:
    lon, lat = frame.lonlat(node[0] * BLOCK_W, node[1] * BLOCK_H)
    return (lon - place.lon) ** 2 + (1.48 * (lat - place.lat)) ** 2


def parcels(place: Place) -> Iterator[Parcel]:
    """The parcels around a place."""
    frame, (column, row) = frame_of(place), node_near(place)
    for across in range(column - _REACH, column + _REACH):
        for up in range(row - _REACH, row + _REACH):
            yield from (Parcel(frame, across, up, half) for half in (0, 1))
