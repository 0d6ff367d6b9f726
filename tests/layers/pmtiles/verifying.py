"""An archive read by the letter of the specification, without the package that wrote its directories."""

import gzip
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADER = 127
# The root directory lies in the first 16 KiB, section 3.
ROOT_END = 16_384


@dataclass
class Verified:
    """tiles: number to compressed content; entries: (number, offset, length, run) of all that are tiles."""

    header: dict[str, int]
    metadata: dict[str, Any]
    tiles: dict[int, bytes]
    entries: list[tuple[int, int, int, int]]
    leaves: int


def verified(path: Path) -> Verified:
    """Fails where the file is against the specification, version 3."""
    content = path.read_bytes()
    assert content[:8] == b"PMTiles\x03"
    names = "root root_n meta meta_n leaf leaf_n data data_n addressed entries contents".split()
    header = dict(zip(names, struct.unpack_from("<11Q", content, 8), strict=True))
    tail = "clustered internal compression kind minzoom maxzoom west south east north zoom lon lat".split()
    header.update(zip(tail, struct.unpack_from("<6B4iB2i", content, 96), strict=True))
    assert (header["clustered"], header["internal"], header["compression"], header["kind"]) == (
        1,
        2,
        2,
        1,
    )
    _check_sections(header, len(content))
    metadata = json.loads(gzip.decompress(_cut(content, header["meta"], header["meta_n"])))
    entries, leaves = [], 0
    for number, offset, length, run in _directory(_cut(content, header["root"], header["root_n"])):
        if run:
            entries.append((number, offset, length, run))
            continue
        leaves += 1
        leaf = _directory(_cut(content, header["leaf"] + offset, length))
        assert leaf[0][0] == number
        assert all(one[3] for one in leaf)
        entries += leaf
    tiles = {
        number + step: _cut(content, header["data"] + offset, length)
        for number, offset, length, run in entries
        for step in range(run)
    }
    _check_entries(header, entries, tiles)
    return Verified(header, metadata, tiles, entries, leaves)


def _check_sections(header: dict[str, int], size: int) -> None:
    assert header["root"] == HEADER
    assert header["root"] + header["root_n"] <= ROOT_END
    spans = sorted((header[name], header[f"{name}_n"]) for name in ("root", "meta", "leaf", "data"))
    end = HEADER
    for begin, length in spans:
        assert begin == end
        end = begin + length
    assert end == size


def _check_entries(
    header: dict[str, int], entries: list[tuple[int, int, int, int]], tiles: dict[int, bytes]
) -> None:
    assert header["entries"] == len(entries)
    assert header["addressed"] == len(tiles) == sum(run for *_, run in entries)
    assert header["contents"] == len({offset for _, offset, _, _ in entries})
    assert header["minzoom"] == zoom_of(min(tiles))
    assert header["maxzoom"] == zoom_of(max(tiles))
    end = last = 0
    for number, offset, length, run in entries:
        assert number >= last
        assert length > 0
        assert offset <= end, "clustered: what is new comes next"
        if offset == end:
            end += length
        last = number + run
    assert end == header["data_n"]


def _directory(packed: bytes) -> list[tuple[int, int, int, int]]:
    numbers = iter(_varints(gzip.decompress(packed)))
    count = next(numbers)
    ids, number = [], 0
    for _ in range(count):
        number += next(numbers)
        ids.append(number)
    runs = [next(numbers) for _ in range(count)]
    lengths = [next(numbers) for _ in range(count)]
    offsets: list[int] = []
    for place in range(count):
        coded = next(numbers)
        offsets.append(coded - 1 if coded else offsets[place - 1] + lengths[place - 1])
    assert next(numbers, None) is None
    return list(zip(ids, offsets, lengths, runs, strict=True))


def _varints(content: bytes) -> list[int]:
    found, number, shift = [], 0, 0
    for byte in content:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            found.append(number)
            number = shift = 0
    return found


def zoom_of(number: int) -> int:
    zoom = 0
    while number >= 4**zoom:
        number -= 4**zoom
        zoom += 1
    return zoom


def _cut(content: bytes, offset: int, length: int) -> bytes:
    assert offset + length <= len(content)
    return content[offset : offset + length]
