"""SQLite's R*-tree of many boxes at once: its nodes packed and written as they lie in its tables.

A row that is inserted goes down the tree and splits nodes on its way; packed together it does not. SQLite's own
``rtreecheck`` finds a packed tree as sound as a grown one, and rows are added to it and taken away as ever.
Source: SQLite, ext/rtree/rtree.c, "Database Format of R-Tree Tables"; Leutenegger, Lopez and Edgington, "STR: a simple
and efficient algorithm for R-tree packing" (1997).
"""

import math

import numpy as np
from django.db import connection

from gis_projects.sqlite_rows import insert_rows

# A node's cell, big-endian: a row's number or a node's, then west, east, south, north.
_CELL = np.dtype([("number", ">i8"), ("box", ">f4", 4)])
_HEAD = 4  # of a node: depth of the tree, which only the root says, and number of cells
_ROOT = 1
# Room for rows that come one by one: full nodes would split at the first of them.
_FILL = 0.85
# As long as the tree holds no more than so many times the new rows, packing all anew is quicker than inserting them.
_WORTH = 10
# So many rows and nodes at a time are given to the database as Python's objects, which take far more room.
_PIECE = 20_000
_NODES = 1_000
# SQLite rounds a box outwards so, to the single precision that it keeps.
_TOWARDS, _AWAY = 1.0 - 1.0 / 8388608.0, 1.0 + 1.0 / 8388608.0


def add(index: str, rowids: np.ndarray, boxes: np.ndarray) -> None:
    """Rows into the R*-tree, inside a transaction. boxes: (n, 4) west, east, south, north, as ``rounded`` gives them.

    Raises django.db.IntegrityError for a number that the tree has.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_quoted(index, 'rowid')}")
        former: int = cursor.fetchone()[0]
    if former > _WORTH * len(rowids):
        insert_rows(index, (), [rowids.tolist(), *boxes.T.tolist()])
        return
    if former:
        old = _cells(index)
        rowids = np.concatenate([old["number"].astype(np.int64), rowids])
        boxes = np.concatenate([old["box"].astype(np.float32), boxes])
    _write(index, rowids, boxes)


def rounded(boxes: np.ndarray) -> np.ndarray:
    """(n, 4) west, south, east, north to west, east, south, north in single precision, rounded outwards."""
    west, south, east, north = np.asarray(boxes, dtype=np.float64).T
    columns = [_down(west), _up(east), _down(south), _up(north)]
    return np.column_stack(columns)


def _down(values: np.ndarray) -> np.ndarray:
    found = values.astype(np.float32)
    less = values * np.where(values < 0, _AWAY, _TOWARDS)
    return np.where(found > values, less.astype(np.float32), found)


def _up(values: np.ndarray) -> np.ndarray:
    return -_down(-values)


def _cells(index: str) -> np.ndarray:
    """What the tree's leaves hold."""
    with connection.cursor() as cursor:
        nodes, rows = _quoted(index, "node"), _quoted(index, "rowid")
        cursor.execute(
            f"SELECT data FROM {nodes} WHERE nodeno IN (SELECT DISTINCT nodeno FROM {rows})"
        )
        leaves = [bytes(row[0]) for row in cursor.fetchall()]
    found = [
        np.frombuffer(leaf, _CELL, count=int.from_bytes(leaf[2:_HEAD], "big"), offset=_HEAD)
        for leaf in leaves
    ]
    return np.concatenate(found)


def _write(index: str, numbers: np.ndarray, boxes: np.ndarray) -> None:
    size = _node_size(index)
    room = int((size - _HEAD) // _CELL.itemsize * _FILL)
    with connection.cursor() as cursor:
        for part in ("node", "rowid", "parent"):
            cursor.execute(f"DELETE FROM {_quoted(index, part)}")
    depth, following = 0, _ROOT + 1
    while len(numbers) > room:
        order, starts = _tiles(boxes, room)
        numbers, boxes = numbers[order], boxes[order]
        nodes = np.arange(following, following + len(starts))
        following += len(starts)
        _insert_nodes(index, nodes, starts, numbers, boxes, size)
        _insert_owners(index, depth, numbers, np.repeat(nodes, np.diff([*starts, len(order)])))
        numbers, boxes, depth = nodes, _around(boxes, starts), depth + 1
    _insert_owners(index, depth, numbers, np.full(len(numbers), _ROOT))
    _insert_nodes(index, np.array([_ROOT]), np.zeros(1, dtype=int), numbers, boxes, size, depth)


def _node_size(index: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT length(data) FROM {_quoted(index, 'node')} WHERE nodeno = %s", [_ROOT]
        )
        return int(cursor.fetchone()[0])


def _tiles(boxes: np.ndarray, room: int) -> tuple[np.ndarray, np.ndarray]:
    """The boxes' order, tile after tile, and where in it each tile begins: strips from west to east, cut from south."""
    count = len(boxes)
    tiles = math.ceil(count / room)
    strips = math.ceil(math.sqrt(tiles))
    order = np.argsort(boxes[:, 0] + boxes[:, 1], kind="stable").astype(np.int32)
    y = boxes[:, 2] + boxes[:, 3]
    for number in range(strips):
        strip = slice(-(-number * count // strips), -(-(number + 1) * count // strips))
        order[strip] = order[strip][np.argsort(y[order[strip]], kind="stable")]
    return order, np.arange(tiles) * count // tiles


def _around(boxes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    lows = np.minimum.reduceat(boxes[:, [0, 2]], starts)
    highs = np.maximum.reduceat(boxes[:, [1, 3]], starts)
    return np.column_stack([lows[:, 0], highs[:, 0], lows[:, 1], highs[:, 1]])


def _insert_nodes(
    index: str,
    nodes: np.ndarray,
    starts: np.ndarray,
    numbers: np.ndarray,
    boxes: np.ndarray,
    size: int,
    depth: int = 0,
) -> None:
    ends = np.append(starts[1:], len(numbers))
    for first in range(0, len(nodes), _NODES):
        some = slice(first, first + _NODES)
        begin, end = int(starts[some][0]), int(ends[some][-1])
        cells = np.empty(end - begin, _CELL)
        cells["number"], cells["box"] = numbers[begin:end], boxes[begin:end]
        places = zip((starts[some] - begin).tolist(), (ends[some] - begin).tolist(), strict=True)
        blobs = [_node(depth, cells[low:high], size) for low, high in places]
        insert_rows(f"{index}_node", (), [nodes[some].tolist(), blobs])


def _node(depth: int, cells: np.ndarray, size: int) -> bytes:
    head = depth.to_bytes(2, "big") + len(cells).to_bytes(2, "big")
    return (head + cells.tobytes()).ljust(size, b"\x00")


def _insert_owners(index: str, depth: int, numbers: np.ndarray, nodes: np.ndarray) -> None:
    """In which leaf each row is, or in which node each node."""
    order = np.argsort(numbers)
    table = f"{index}_parent" if depth else f"{index}_rowid"
    for start in range(0, len(order), _PIECE):
        some = order[start : start + _PIECE]
        insert_rows(table, (), [numbers[some].tolist(), nodes[some].tolist()])


def _quoted(index: str, part: str) -> str:
    return connection.ops.quote_name(f"{index}_{part}")
