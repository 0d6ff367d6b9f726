"""Features on disk between being read and being drawn, so that what is held in memory does not grow with geometries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.mvt.clip import Geometries
from layers.mvt.grid import Rows
from layers.mvt.layer import Column
from layers.mvt.properties import ABSENT, Coded, coded

SHAPES, VALUES, INDEX = "shapes.wkb", "values.bin", "index.npz"
# Values that are told apart from the first on; more different ones are kept as often as they come.
KNOWN_VALUES = 100_000


@dataclass(frozen=True)
class Index:
    """What a plan needs of each feature. bounds: (n, 4) metres; vertices: (n,)."""

    bounds: NDArray[np.float64]
    vertices: Rows
    names: list[str]


class Spool:
    """Writes features into a folder, some at a time, and then its index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shapes: BinaryIO = (folder / SHAPES).open("wb")
        self._values: BinaryIO = (folder / VALUES).open("wb")
        self._names: dict[str, int] = {}
        self._known: dict[bytes, int] = {}
        self._value_sizes: list[int] = []
        self._pieces: list[dict[str, NDArray[Any]]] = []

    def add(
        self, geometries: Geometries, ids: NDArray[np.uint64], columns: Mapping[str, Column]
    ) -> None:
        """geometries: EPSG:3857, metres, none missing. columns: a value for each, as ``TileLayer`` has them."""
        wkb = shapely.to_wkb(geometries, include_srid=False)
        sizes = np.fromiter(map(len, wkb), np.int64, count=len(wkb))
        self._shapes.write(b"".join(wkb))
        self._pieces.append(
            {
                "sizes": sizes,
                "bounds": shapely.bounds(geometries).reshape(-1, 4),
                "vertices": shapely.get_num_coordinates(geometries).astype(np.int64),
                "ids": ids.astype(np.uint64),
                "codes": self._coded(coded(columns, np.arange(len(geometries)))),
            }
        )

    def _coded(self, chunk: Coded) -> NDArray[np.int32]:
        """The chunk's values by their numbers in the file, the chunk's columns in their places."""
        places = [self._names.setdefault(name, len(self._names)) for name in chunk.names]
        numbers = np.array([*map(self._number, chunk.values), ABSENT], dtype=np.int32)
        codes = np.full((len(chunk.codes), len(self._names)), ABSENT, dtype=np.int32)
        codes[:, places] = numbers[chunk.codes]
        return codes

    def _number(self, value: bytes) -> int:
        known = self._known.get(value)
        if known is not None:
            return known
        number = len(self._value_sizes)
        self._values.write(value)
        self._value_sizes.append(len(value))
        if len(self._known) < KNOWN_VALUES:
            self._known[value] = number
        return number

    def finish(self) -> Index:
        """Nothing can be added any more."""
        self._shapes.close()
        self._values.close()
        width = len(self._names)
        codes = [np.pad(p["codes"], ((0, 0), (0, width - p["codes"].shape[1])), constant_values=ABSENT)
                 for p in self._pieces]  # fmt: skip
        whole = {
            name: _joined([piece[name] for piece in self._pieces])
            for name in ("sizes", "bounds", "vertices", "ids")
        }
        np.save(
            self._folder / "codes.npy",
            _joined(codes) if codes else np.empty((0, width), dtype=np.int32),
        )
        np.save(self._folder / "ids.npy", whole["ids"].astype(np.uint64))
        np.save(self._folder / "ends.npy", np.cumsum(whole["sizes"].astype(np.int64)))
        np.save(
            self._folder / "value_ends.npy", np.cumsum(np.array(self._value_sizes, dtype=np.int64))
        )
        self._pieces = []
        return Index(
            whole["bounds"].reshape(-1, 4), whole["vertices"].astype(np.int64), list(self._names)
        )


class SpoolReader:
    """What a spool's folder holds, a few rows at a time."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        self._names = names
        self._shapes = _mapped(folder / SHAPES)
        self._values = _mapped(folder / VALUES)
        self._codes, self._ids, self._ends, self._value_ends = (
            np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
            for name in ("codes", "ids", "ends", "value_ends")
        )

    def read(self, rows: Rows) -> tuple[Geometries, NDArray[np.uint64], Coded]:
        """rows: rising. The table of the values holds what these rows have."""
        wkb = np.array([*_slices(self._shapes, self._ends, rows), None], dtype=object)[:-1]
        codes = self._codes[rows]
        used, own = np.unique(codes, return_inverse=True)
        table: dict[bytes, int] = {}
        numbers = [
            table.setdefault(value, len(table))
            for value in _slices(self._values, self._value_ends, used[used != ABSENT])
        ]
        absent = [ABSENT] if len(used) and used[0] == ABSENT else []
        local = np.array([*absent, *numbers], dtype=np.int64)[own.reshape(codes.shape)]
        return (
            shapely.from_wkb(wkb),
            np.array(self._ids[rows]),
            Coded(self._names, local, list(table)),
        )


def _slices(content: memoryview, ends: Rows, rows: Rows) -> list[bytes]:
    """Row by row: GEOS takes each geometry's bytes by itself."""
    last = ends[rows].tolist()
    first = (np.where(rows > 0, ends[rows - 1], 0)).tolist()
    return [bytes(content[a:b]) for a, b in zip(first, last, strict=True)]


def _mapped(path: Path) -> memoryview:
    with path.open("rb") as file:
        return memoryview(
            mmap(file.fileno(), 0, access=ACCESS_READ) if path.stat().st_size else b""
        )


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.empty(0)
