"""What is encoded: one layer of a tile, in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Value = str | int | float | bool | None
Column = Sequence[Value] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class TileLayer:
    """Features of one kind, a value of each column for each geometry.

    geometries: (n,) shapely, EPSG:3857, metres, any type; None and empty ones are passed over, Z and M are dropped.
    ids: (n,) or None for features without one. columns: name to n values; None and what is not a finite number is
    left out of its feature. Raises ValueError when the lengths differ.
    """

    name: str
    geometries: NDArray[np.object_]
    ids: NDArray[np.uint64] | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.geometries)
        lengths = {name: len(values) for name, values in self.columns.items()}
        if self.ids is not None:
            lengths["id"] = len(self.ids)
        for name, length in lengths.items():
            if length != count:
                raise ValueError(f"{count} geometries, but {length} values of {name!r}")

    @classmethod
    def from_wkb(
        cls,
        name: str,
        wkb: Sequence[bytes | memoryview | None] | NDArray[np.object_],
        ids: NDArray[np.uint64] | None = None,
        columns: Mapping[str, Column] | None = None,
    ) -> TileLayer:
        """The same from WKB, EPSG:3857; what cannot be read as a geometry is passed over."""
        geometries = shapely.from_wkb(np.asarray(wkb, dtype=object), on_invalid="ignore")
        return cls(name, geometries, ids, columns or {})
