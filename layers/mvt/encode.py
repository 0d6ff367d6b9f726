"""From features to the bytes of a tile."""

from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from layers.mvt import ragged, varint
from layers.mvt.commands import Shapes
from layers.mvt.grid import TileGrid
from layers.mvt.layer import TileLayer
from layers.mvt.properties import Coded, Tagged, coded, tagged
from layers.mvt.shapes import shapes_of

# Field numbers of the messages Tile, Layer and Feature (section 4 of the specification), and whole tags where a field
# is written as a number: number << 3 | wire type.
LAYER, NAME, KEY, VALUE = 3, 1, 3, 4
FEATURE_TAG, ID_TAG, TAGS_TAG, TYPE_TAG, GEOMETRY_TAG = 0x12, 0x08, 0x12, 0x18, 0x22
EXTENT_TAG, VERSION_2 = b"\x28", b"\x78\x02"


def encode_tile(
    layers: Iterable[TileLayer],
    bbox: BBox,
    *,
    extent: int = 4096,
    buffer: int = 64,
    tolerance: float = 0.5,
) -> bytes:
    """A tile of MVT 2.1, not compressed; b"" when nothing lies in it.

    bbox: the tile, EPSG:3857, metres. extent: tile units a side; buffer: how many more units around hold features.
    tolerance: lines and rings are simplified by so many units, so that no vertex is farther than ``tolerance`` + 1/2
    from the shape it was on, either way; what ST_AsMVTGeom does with 0.5.

    Features come in the order of their layer; one of several kinds (a GeometryCollection) becomes several with its id.
    A polygon whose bbox is below 1/256 of the tile's side both ways becomes a point at its centre, and one that is left
    without area a point on it. Lines left without length are gone. Polygons are valid (OGC 06-103r4) in tile units.
    Raises ValueError for a bbox without area, TypeError for a value that is neither text, number nor truth value,
    OverflowError for a whole number beyond 64 bits.
    """
    grid = TileGrid.of_bbox(bbox, extent, buffer)
    return b"".join(_layer(layer, grid, tolerance) for layer in layers)


def _layer(layer: TileLayer, grid: TileGrid, tolerance: float) -> bytes:
    shapes = shapes_of(layer.geometries, grid, tolerance)
    if not len(shapes.owners):
        return b""
    ids = None if layer.ids is None else layer.ids[shapes.owners]
    return messages(layer.name, shapes, ids, coded(layer.columns, shapes.owners), grid)[0]


def messages(
    name: str, shapes: Shapes, ids: NDArray[np.uint64] | None, properties: Coded, grid: TileGrid
) -> list[bytes]:
    """The layer in each tile of the grid, as a field of the tile; b"" where it has no feature.

    ids, properties: of each shape.
    """
    tiles = None if grid.tiles is None else grid.tiles[shapes.owners]
    count = len(grid.west)
    tags = tagged(properties, tiles, count)
    numbers, number_counts = _features(shapes, ids, tags)
    features = varint.encode(numbers)
    sizes = ragged.sums(varint.widths(numbers), number_counts)
    in_tile = np.array([len(sizes)]) if tiles is None else np.bincount(tiles, minlength=count)
    sizes = ragged.sums(sizes, in_tile)
    key_fields = [varint.field(KEY, one.encode()) for one in properties.names]
    value_fields = [varint.field(VALUE, one) for one in properties.values]
    head = varint.field(NAME, name.encode())
    tail = EXTENT_TAG + varint.one(grid.extent) + VERSION_2
    keys, values, at = iter(tags.keys.tolist()), iter(tags.values.tolist()), 0
    found = []
    # Tile by tile from here on: slices are joined, nothing is computed.
    for size, key_count, value_count in zip(
        sizes.tolist(), tags.key_counts.tolist(), tags.value_counts.tolist(), strict=True
    ):
        content = [head, features[at : at + size]]
        content += map(key_fields.__getitem__, islice(keys, key_count))
        content += map(value_fields.__getitem__, islice(values, value_count))
        found.append(varint.field(LAYER, b"".join([*content, tail])) if size else b"")
        at += size
    return found


def _features(
    shapes: Shapes, ids: NDArray[np.uint64] | None, properties: Tagged
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All feature messages as one array of numbers: in this message everything is a varint, lengths and tags too."""
    tags, tag_counts = properties.tags, properties.counts
    count = len(shapes.owners)
    twice, tagged = np.full(count, 2), np.where(tag_counts > 0, 2, 0)
    tags_size = ragged.sums(varint.widths(tags), tag_counts)
    shape_size = ragged.sums(varint.widths(shapes.commands), shapes.counts)
    size = (
        3 + _width(shape_size) + shape_size + np.where(tagged, 1 + _width(tags_size) + tags_size, 0)
    )
    id_pairs, id_counts = np.empty(0, dtype=np.uint64), np.zeros(count, dtype=np.int64)
    if ids is not None:
        ids = ids.astype(np.uint64)
        id_pairs, id_counts = _pairs(ID_TAG, ids), twice
        size += 1 + varint.widths(ids)
    return ragged.weave(
        [
            (_pairs(FEATURE_TAG, size), twice),
            (id_pairs, id_counts),
            (_pairs(TAGS_TAG, tags_size[tagged > 0]), tagged),
            (tags, tag_counts),
            (_pairs(TYPE_TAG, shapes.kinds), twice),
            (_pairs(GEOMETRY_TAG, shape_size), twice),
            (shapes.commands, shapes.counts),
        ]
    )


def _pairs(tag: int, values: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The tag before each of the values."""
    found = np.empty((len(values), 2), dtype=np.uint64)
    found[:, 0], found[:, 1] = tag, values
    return found.ravel()


def _width(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return varint.widths(sizes.astype(np.uint64))
