"""Zips that lead out, nest, lie or swell."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.case import Bait, Case, Cases, content

Fill = Callable[[zipfile.ZipFile, Bait], None]
MEGABYTE = 1 << 20


def cases() -> Cases:
    """Names, links, nests, bombs, lies."""
    for name in PATHS:
        yield Case(f"zip entry {name!r}", content("a.zip", _zip(_entry(name))))
    yield Case("zip with a link to a file", content("a.zip", _zip(_link)))
    for suffix in (".zip", ".kmz", ".7z", ".tar.gz", ".rar"):
        yield Case(f"zip in zip {suffix}", content("a.zip", _zip(_entry(f"b{suffix}", b"PK\3\4"))))
    yield Case("zip of 20,000 entries", content("a.zip", _zip(_many)))
    yield Case("zip that claims a million entries", content("a.zip", _claims_a_million))
    for suffix in (".geojson", ".dbf", ".shp", ".csv", ".gpkg"):
        made = content("a.zip", _zip(_bomb(suffix)))
        yield Case(f"zip 1000:1 of {suffix}", made)
    yield Case("kmz 1000:1", content("a.kmz", _zip(_bomb(".kml"))))
    yield Case("zip whose sizes lie", content("a.zip", _lying_sizes))
    yield Case("zip whose entries overlap", content("a.zip", _overlapping))
    yield Case("zip with a password", content("a.zip", _encrypted))
    yield Case("zip cut short", content("a.zip", _cut))
    yield Case("zip without a directory", content("a.zip", b"PK\3\4" + bytes(200)))
    yield Case("zip of directories", content("a.zip", _zip(_directories)))
    for name in ("a.7z", "a.rar", "a.tar", "a.tar.gz", "a.gz", "a.zst"):
        yield Case(f"archive {name}", content(name, b"7z\xbc\xaf\x27\x1c" + bytes(64)))


PATHS = (
    "../../../../tmp/hostile.geojson",
    "/tmp/hostile.geojson",
    "C:/Windows/hostile.geojson",
    "..\\..\\hostile.geojson",
    "a/../../hostile.geojson",
)


def _zip(fill: Fill) -> Callable[[Bait], bytes]:
    def data(bait: Bait) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            fill(file, bait)
        return out.getvalue()

    return data


def _entry(name: str, value: bytes = b'{"type":"FeatureCollection","features":[]}') -> Fill:
    return lambda file, _bait: file.writestr(name, value)


def _link(file: zipfile.ZipFile, bait: Bait) -> None:
    info = zipfile.ZipInfo("a.geojson")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    file.writestr(info, str(bait.file))


def _many(file: zipfile.ZipFile, _bait: Bait) -> None:
    for number in range(20_000):
        file.writestr(f"{number}.geojson", b"{}")


def _bomb(suffix: str) -> Fill:
    def fill(file: zipfile.ZipFile, _bait: Bait) -> None:
        with file.open(f"a{suffix}", "w", force_zip64=True) as out:
            for _part in range(300):
                out.write(bytes(MEGABYTE))

    return fill


def _directories(file: zipfile.ZipFile, _bait: Bait) -> None:
    for number in range(10):
        file.mkdir(f"{number}")


def _claims_a_million(bait: Bait) -> bytes:
    """The end of the directory (APPNOTE 6.3.10, 4.3.14) says 1,000,000; one entry is there."""
    data = _zip(_entry("a.geojson"))(bait)
    end = data.rindex(b"PK\5\6")
    offset = struct.unpack("<I", data[end + 16 : end + 20])[0]
    size = end - offset
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 10**6, 10**6, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    return data[:end] + record + locator + last


def _lying_sizes(bait: Bait) -> bytes:
    """The directory says ten bytes where there are 300 MB."""
    data = bytearray(_zip(_bomb(".geojson"))(bait))
    entry = data.rindex(b"PK\1\2")
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    return bytes(data)


def _overlapping(bait: Bait) -> bytes:
    """Many entries of the directory that name one and the same compressed block."""
    data = _zip(_bomb(".geojson"))(bait)
    end, entry = data.rindex(b"PK\5\6"), data.rindex(b"PK\1\2")
    one = data[entry:end]
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    count = 1_000
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(one) * count, start, 0)
    return data[:entry] + one * count + last


def _encrypted(bait: Bait) -> bytes:
    data = bytearray(_zip(_entry("a.geojson"))(bait))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(mark) + offset
        data[at] |= 1
    return bytes(data)


def _cut(bait: Bait) -> bytes:
    data = _zip(_entry("a.geojson", Path(__file__).read_bytes()))(bait)
    return data[: len(data) // 2]
