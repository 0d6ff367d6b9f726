"""A feature a line: GeoJSON text sequences (RFC 8142), with or without their record separators; read in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from layers.importing.archive import Staged
from layers.importing.geojson_source import chunk_of, fields_of, kind_of
from layers.importing.problems import Code, refuse
from layers.importing.source import CHUNK, Chunk, Source

MAX_LINE_BYTES = 64 << 20
_SAMPLE = 5_000  # features whose properties make the columns
_SEPARATOR = b"\x1e"


class GeoJSONSeqSource(Source):
    """Always EPSG:4326, as RFC 7946 has it. Columns are those of the first 5,000 features."""

    crs_text = "EPSG:4326"

    def __init__(self, staged: Staged) -> None:
        self.file = self.layer = staged.name
        self.layers = (staged.name,)
        self._path = staged.path
        sample = list(islice(self._features(), _SAMPLE))
        if not sample:
            raise refuse(Code.EMPTY_FILE, staged.name)
        self.fields = fields_of(sample)
        self.kind = kind_of(sample)
        self.count = len(sample) if len(sample) < _SAMPLE else None

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source."""
        features = self._features()
        first = 1
        while batch := list(islice(features, size)):
            yield chunk_of(self.file, batch, first)
            first += len(batch)

    def _features(self) -> Iterator[Any]:
        """Each line parsed. Raises ImportRefused naming the line."""
        with self._path.open("rb") as file:
            for number in range(1, 1 << 62):
                line = file.readline(MAX_LINE_BYTES + 1)
                if not line:
                    return
                if len(line) > MAX_LINE_BYTES:
                    raise refuse(Code.TOO_LARGE, self.file, limit=f"{MAX_LINE_BYTES >> 20} MB")
                text = line.removeprefix(b"\xef\xbb\xbf").strip(_SEPARATOR + b" \t\r\n")
                if text:
                    yield self._parsed(text, number)

    def _parsed(self, text: bytes, number: int) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            reason = f"JSON, {number}:{error.colno}"
            raise refuse(Code.DAMAGED_FILE, self.file, reason=reason) from error
