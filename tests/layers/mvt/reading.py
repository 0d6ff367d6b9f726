"""Tiles read back: messages by mapbox-vector-tile's protobuf classes, commands strictly by the specification."""

from dataclasses import dataclass
from typing import Any

import shapely
from mapbox_vector_tile.Mapbox.vector_tile_pb2 import tile as Tile
from shapely.geometry.base import BaseGeometry

Vertex = tuple[int, int]
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7


@dataclass
class Read:
    """A feature: its id (None without one), kind, properties, and parts as lists of vertices, rings without closing."""

    id: int | None
    kind: int
    properties: dict[str, Any]
    parts: list[list[Vertex]]

    @property
    def shape(self) -> BaseGeometry:
        """In tile units; polygons put together by winding, as section 4.3.4.4 says."""
        if self.kind == 1:
            return shapely.MultiPoint([part[0] for part in self.parts])
        if self.kind == 2:
            return shapely.MultiLineString(self.parts)
        polygons: list[tuple[list[Vertex], list[list[Vertex]]]] = []
        for ring in self.parts:
            if doubled_area(ring) > 0:
                polygons.append((ring, []))
            else:
                polygons[-1][1].append(ring)
        return shapely.MultiPolygon([shapely.Polygon(*polygon) for polygon in polygons])


def read(content: bytes) -> dict[str, list[Read]]:
    """The features of each layer; fails where the tile is against the specification."""
    message = Tile()
    message.ParseFromString(content)
    names = [layer.name for layer in message.layers]
    assert len(names) == len(set(names))
    return {
        layer.name: [_feature(layer, one) for one in layer.features] for layer in message.layers
    }


def doubled_area(ring: list[Vertex]) -> int:
    following = ring[1:] + ring[:1]
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, following, strict=True))


def _feature(layer: Any, feature: Any) -> Read:
    assert layer.version == 2
    assert len(set(layer.keys)) == len(layer.keys)
    assert len({one.SerializeToString() for one in layer.values}) == len(layer.values)
    pairs = list(zip(feature.tags[::2], feature.tags[1::2], strict=True))
    assert len({key for key, _ in pairs}) == len(pairs)
    properties = {layer.keys[key]: _value(layer.values[value]) for key, value in pairs}
    number = feature.id if feature.HasField("id") else None
    return Read(number, feature.type, properties, _parts(feature.type, list(feature.geometry)))


def _value(message: Any) -> Any:
    (field, value), *more = message.ListFields()
    assert not more
    return field.name, value


def _parts(kind: int, numbers: list[int]) -> list[list[Vertex]]:
    parts: list[list[Vertex]] = []
    x = y = 0
    shapes = []
    while numbers:
        command, count = numbers[0] & 7, numbers[0] >> 3
        assert count > 0
        numbers = numbers[1:]
        shapes.append((command, count))
        if command == CLOSE_PATH:
            assert count == 1
            continue
        for _ in range(count):
            dx, dy = (n >> 1 ^ -(n & 1) for n in numbers[:2])
            numbers = numbers[2:]
            assert command == MOVE_TO or (dx, dy) != (0, 0), "a step of no length"
            x, y = x + dx, y + dy
            if command == MOVE_TO:
                parts.append([])
            parts[-1].append((x, y))
    _check_order(kind, shapes)
    if kind == 3:
        assert all(ring[0] != ring[-1] for ring in parts), "the last vertex is ClosePath's"
        assert doubled_area(parts[0]) > 0, "the first ring is a shell"
    return parts


def _check_order(kind: int, shapes: list[tuple[int, int]]) -> None:
    commands = [command for command, _ in shapes]
    if kind == 1:
        assert commands == [MOVE_TO]
        return
    one = [MOVE_TO, LINE_TO] if kind == 2 else [MOVE_TO, LINE_TO, CLOSE_PATH]
    assert commands and commands == one * (len(commands) // len(one))
    assert all(count == 1 for command, count in shapes if command == MOVE_TO)
    least = 1 if kind == 2 else 2
    assert all(count >= least for command, count in shapes if command == LINE_TO)
