"""From features to the bytes of a tile."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gis_projects.geo.bbox import BBox
from layers.mvt import ragged, varint
from layers.mvt.commands import Shapes
from layers.mvt.grid import TileGrid
from layers.mvt.layer import TileLayer
from layers.mvt.properties import Table
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
    grid = TileGrid(bbox, extent, buffer)
    return b"".join(_layer(layer, grid, tolerance) for layer in layers)


def _layer(layer: TileLayer, grid: TileGrid, tolerance: float) -> bytes:
    shapes = shapes_of(layer.geometries, grid, tolerance)
    if not len(shapes.owners):
        return b""
    table = Table()
    tags = table.tags(layer.columns, shapes.owners)
    ids = None if layer.ids is None else layer.ids[shapes.owners].astype(np.uint64)
    content = [
        varint.field(NAME, layer.name.encode()),
        varint.encode(_features(shapes, ids, *tags)),
        *(varint.field(KEY, name.encode()) for name in table.names),
        *(varint.field(VALUE, value) for value in table.values),
        EXTENT_TAG + varint.one(grid.extent),
        VERSION_2,
    ]
    return varint.field(LAYER, b"".join(content))


def _features(
    shapes: Shapes,
    ids: NDArray[np.uint64] | None,
    tags: NDArray[np.uint64],
    tag_counts: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """All feature messages as one array of numbers: in this message everything is a varint, lengths and tags too."""
    count = len(shapes.owners)
    twice, tagged = np.full(count, 2), np.where(tag_counts > 0, 2, 0)
    tags_size = ragged.sums(varint.widths(tags), tag_counts)
    shape_size = ragged.sums(varint.widths(shapes.commands), shapes.counts)
    size = (
        3 + _width(shape_size) + shape_size + np.where(tagged, 1 + _width(tags_size) + tags_size, 0)
    )
    id_pairs, id_counts = np.empty(0, dtype=np.uint64), np.zeros(count, dtype=np.int64)
    if ids is not None:
        id_pairs, id_counts = _pairs(ID_TAG, ids), twice
        size += 1 + varint.widths(ids)
    woven, _ = ragged.weave(
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
    return woven


def _pairs(tag: int, values: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The tag before each of the values."""
    found = np.empty((len(values), 2), dtype=np.uint64)
    found[:, 0], found[:, 1] = tag, values
    return found.ravel()


def _width(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return varint.widths(sizes.astype(np.uint64))
