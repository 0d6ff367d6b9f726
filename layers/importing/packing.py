"""A source and its chunks as frames, and back: what travels between a child that reads and the site.

The child's side packs, the site's side unpacks and believes nothing: whatever does not fit together
raises WireError.
"""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import orjson
import shapely

from gis_projects.geo.validity import Kind
from layers.importing.dbf import FieldType
from layers.importing.encoding import DecidedBy, Detected
from layers.importing.problems import SENTENCES, Code, ImportRefused, Problem
from layers.importing.source import Chunk, Field, Source
from layers.quarantine.values import pack_rows, tagged, unpack_rows, untagged
from layers.quarantine.wire import Buffer, Frame, WireError

_NAME_MAX = 500
_PROBLEMS_MAX = 10_000


def pack_problem(problem: Problem) -> dict[str, Any]:
    """A problem as JSON; sentences among its parameters stay messages, to be translated later."""
    return {
        "code": problem.code.value,
        "file": problem.file,
        "feature": problem.feature,
        "field": problem.field,
        "params": {name: tagged(value) for name, value in problem.params.items()},
    }


def unpack_problem(packed: Any) -> Problem:
    """The problem again; one that would make no sentence raises WireError."""
    try:
        problem = Problem(
            Code(packed["code"]),
            _text(packed["file"]),
            None if packed["feature"] is None else int(packed["feature"]),
            None if packed["field"] is None else _text(packed["field"]),
            {str(name): untagged(value) for name, value in packed["params"].items()},
        )
        str(SENTENCES[problem.code]) % dict.fromkeys(problem.params, "")
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise WireError("no problem") from error
    return problem


def unpack_refusal(packed: Any) -> ImportRefused:
    """What a child refused a file with."""
    if not isinstance(packed, list) or not packed:
        raise WireError("a refusal without a reason")
    return ImportRefused(*map(unpack_problem, packed[:_PROBLEMS_MAX]))


def pack_source(source: Source) -> dict[str, Any]:
    """What is known of a source before its features are read."""
    return {
        "file": source.file,
        "layer": source.layer,
        "layers": list(source.layers),
        "fields": [[one.name, one.type, one.width] for one in source.fields],
        "kind": source.kind,
        "crs_text": source.crs_text,
        "count": source.count,
        "encoding": None if source.encoding is None else _pack_encoding(source.encoding),
        "warnings": [pack_problem(one) for one in source.warnings],
    }


def _pack_encoding(found: Detected) -> dict[str, Any]:
    return {
        "encoding": found.encoding,
        "decided_by": found.decided_by,
        "warnings": [pack_problem(one) for one in found.warnings],
        "field_names": list(found.field_names),
        "rows": [tagged(row) for row in found.rows],
    }


def unpack_source(packed: Any, source: Source) -> None:
    """Give ``source`` the attributes that were packed."""
    try:
        source.file, source.layer = _text(packed["file"]), _text(packed["layer"])
        source.layers = tuple(map(_text, packed["layers"]))
        source.fields = tuple(_field(*one) for one in packed["fields"])
        source.kind = None if packed["kind"] is None else _one_of(packed["kind"], Kind)
        source.crs_text = None if packed["crs_text"] is None else str(packed["crs_text"])
        source.count = None if packed["count"] is None else int(packed["count"])
        found = packed["encoding"]
        source.encoding = None if found is None else _unpack_encoding(found)
        source.warnings = tuple(map(unpack_problem, packed["warnings"]))
    except (KeyError, ValueError, TypeError) as error:
        raise WireError("no description of a source") from error


def _unpack_encoding(packed: dict[str, Any]) -> Detected:
    return Detected(
        _text(packed["encoding"]),
        _one_of(packed["decided_by"], DecidedBy),
        tuple(map(unpack_problem, packed["warnings"])),
        tuple(map(_text, packed["field_names"])),
        tuple(untagged(row) for row in packed["rows"]),
    )


def _field(name: Any, kind: Any, width: Any) -> Field:
    return Field(_text(name), _one_of(kind, FieldType), None if width is None else int(width))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _NAME_MAX:
        raise WireError("no name")
    return value


def _one_of(value: Any, words: Any) -> Any:
    if value not in get_args(words):
        raise WireError("unknown word")
    return value


def pack_chunk(chunk: Chunk) -> tuple[dict[str, Any], list[Buffer]]:
    """A chunk as a header and buffers: geometries are WKB, one after the other, with their lengths."""
    blobs = shapely.to_wkb(chunk.geometries)
    lengths = np.fromiter((-1 if one is None else len(one) for one in blobs), "<i4", len(chunk))
    header = {
        "count": len(chunk),
        "problems": [[at, pack_problem(one)] for at, one in chunk.problems.items()],
    }
    return header, [
        np.asarray(chunk.numbers, "<i8").tobytes(),
        np.packbits(chunk.had_z).tobytes(),
        lengths.tobytes(),
        b"".join(one for one in blobs if one is not None),
        orjson.dumps(chunk.fids),
        pack_rows(chunk.properties),
    ]


def unpack_chunk(frame: Frame) -> Chunk:
    """The chunk again."""
    try:
        count = int(frame.header["count"])
        numbers, had_z, lengths, blob, fids, rows = frame.buffers
        chunk = Chunk(
            numbers=np.frombuffer(numbers, "<i8"),
            fids=orjson.loads(fids),
            geometries=_geometries(np.frombuffer(lengths, "<i4"), blob),
            had_z=np.unpackbits(np.frombuffer(had_z, np.uint8), count=count).astype(bool),
            properties=unpack_rows(rows, count),
            problems={int(at): unpack_problem(one) for at, one in frame.header["problems"]},
        )
    except (KeyError, ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise WireError("no chunk") from error
    columns = (chunk.numbers, chunk.fids, chunk.geometries, chunk.had_z)
    is_torn = {len(column) for column in columns} != {count} or len(had_z) != -(-count // 8)
    if is_torn or not _is_sound(chunk):
        raise WireError("a chunk that does not fit together")
    return chunk


def _is_sound(chunk: Chunk) -> bool:
    has_ids = isinstance(chunk.fids, list) and all(type(fid) is str for fid in chunk.fids)
    return has_ids and all(0 <= at < len(chunk) for at in chunk.problems)


def _geometries(lengths: np.ndarray, blob: bytearray) -> np.ndarray:
    sizes = np.maximum(lengths, 0).astype(np.int64)
    ends = np.cumsum(sizes)
    if (ends[-1] if len(ends) else 0) != len(blob):
        raise WireError("other geometries than promised")
    data = bytes(blob)
    pieces: Any = np.full(len(lengths), None, dtype=object)
    known = np.flatnonzero(lengths >= 0)
    starts = ends - sizes
    for at, start, end in zip(
        known.tolist(), starts[known].tolist(), ends[known].tolist(), strict=True
    ):
        pieces[at] = data[start:end]
    return np.asarray(shapely.from_wkb(pieces), dtype=object)
