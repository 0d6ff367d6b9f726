"""A drawing: its entities with their CAD layer and text. It states no CRS; arcs come as short lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import fiona
import numpy as np
import shapely

from layers.importing.archive import Staged
from layers.importing.dxf_scan import Drawing, scan
from layers.importing.encoding import UNCUT, DecidedBy, Detected, by_evidence, normalise
from layers.importing.fiona_source import FionaSource
from layers.importing.heights import laid_flat
from layers.importing.problems import Code, Problem, refuse
from layers.importing.source import CHUNK, Chunk

MAX_ENTITIES = 2_000_000
# Python's name to iconv's, which GDAL asks; others are the same in capitals.
_ICONV = {"iso8859-1": "ISO-8859-1"}


class DXFSource(FionaSource):
    """Read in the encoding that its texts show, whatever code page it states."""

    def __init__(self, staged: Staged, encoding: str | None) -> None:
        self.layer = staged.name
        self.layers = (staged.name,)
        drawing = scan(staged.path)
        if drawing.unfolded(MAX_ENTITIES) > MAX_ENTITIES:
            params = {"limit": f"{MAX_ENTITIES:,}"}
            raise refuse(Code.TOO_MANY_ENTITIES, staged.name, **params)
        chosen, decided_by = _encoding(drawing, encoding, staged.name)
        with fiona.Env(DXF_ENCODING=_ICONV.get(chosen, chosen.upper())):
            self._begin(staged.path, "DXF", staged.name)
        self.crs_text = None
        self.kind = None
        if decided_by == "guess":
            params = {"encoding": chosen}
            self.warnings = (Problem(Code.ENCODING_GUESSED, staged.name, params=params),)
        names = tuple(field.name for field in self.fields)
        self.encoding = Detected(chosen, decided_by, (), names, ())

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source. Heights that are all 0 are none."""
        for chunk in super().chunks(size):
            flat = laid_flat(chunk.geometries)
            yield replace(chunk, geometries=flat, had_z=np.asarray(shapely.has_z(flat)))


def _encoding(drawing: Drawing, override: str | None, file: str) -> tuple[str, DecidedBy]:
    """What a person says; what the texts prove; the code page where they fit it; what they look like."""
    if override:
        chosen = normalise(override)
        if chosen is None:
            raise refuse(Code.UNKNOWN_ENCODING, file, encoding=override)
        return chosen, "override"
    found, decided_by = by_evidence([(text, UNCUT) for text in drawing.samples])
    stated = normalise(drawing.code_page.replace("_", " ")) if drawing.code_page else None
    if decided_by == "guess" and stated is not None and _fits(drawing.samples, stated):
        return stated, "header"
    return found, decided_by


def _fits(samples: Sequence[bytes], encoding: str) -> bool:
    try:
        for text in samples:
            text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
