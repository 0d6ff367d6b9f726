"""A layer that fiona reads feature by feature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from layers.importing.fiona_reading import batches, built_of, opened
from layers.importing.gpkg_schema import field_type, field_width, geometry_kind, stated_crs
from layers.importing.source import CHUNK, Chunk, Field, Source, not_built


class FionaSource(Source):
    """A layer that fiona reads feature by feature; a subclass has looked at the file before."""

    def _begin(self, path: Path, driver: str, name: str, layer: str | None = None) -> None:
        self.file = name
        self._collection = opened(path, driver, name, layer)
        schema = self._collection.schema
        self.fields = tuple(
            Field(name, field_type(str(kind)), field_width(str(kind)))
            for name, kind in schema["properties"].items()
        )
        self.kind = geometry_kind(schema["geometry"])
        self.crs_text = stated_crs(self._collection.crs_wkt)

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source."""
        first = 1
        for batch in batches(self._collection, size, self.file):
            built = built_of(batch)
            chunk = Chunk(
                numbers=np.arange(first, first + len(batch)),
                fids=[feature.id for feature in batch],
                geometries=built.geometries,
                had_z=built.had_z,
                properties=[dict(feature.properties) for feature in batch],
            )
            for at, reason in built.failed.items():
                chunk.problems[at] = not_built(self.file, first + at, reason)
            yield chunk
            first += len(batch)

    def close(self) -> None:
        """Let go of the file."""
        self._collection.close()
