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
    """Names, links, nests, bombs, lies: at the door of sites, then at that of scenes."""
    yield from _of_sites()
    yield from _of_scenes()


def _of_scenes() -> Cases:
    for name in PATHS:
        picture = name.replace(".geojson", ".tif")
        yield _scene(f"entry {picture!r}", _zip(_entry(picture, TIFF)))
    yield _scene("with a link to a file", _zip(_link_named("a.tif")))
    yield _scene("with a link for a world file", _zip(_with_a_picture(_link_named("a.tfw"))))
    for suffix in (".zip", ".7z", ".tar.gz", ".rar"):
        yield _scene(f"in zip {suffix}", _zip(_entry(f"b{suffix}", b"PK\3\4")))
    yield _scene("of 20,000 pictures", _zip(_many_named(".tif")))
    yield _scene("that claims a million entries", _claims_a_million)
    for suffix in (".tif", ".jpg", ".png", ".tfw", ".prj"):
        yield _scene(f"1000:1 of {suffix}", _zip(_bomb(suffix)))
    yield _scene("whose sizes lie", lambda bait: _lying_sizes(bait, ".tif"))
    yield _scene("whose entries overlap", lambda bait: _overlapping(bait, ".tif"))
    yield _scene("with a password", lambda bait: _encrypted(bait, "a.tif"))
    yield _scene("cut short", _cut)
    yield _scene("without a directory", b"PK\3\4" + bytes(200))
    yield _scene("of directories", _zip(_directories))
    yield _scene("of two pictures", _zip(_two_pictures))
    yield _scene("of a page named as a picture", _zip(_entry("a.tif", b"<html><script>alert(1)")))
    world = _zip(_with_a_picture(_entry("a.tfw", b"nan\n0\n0\n-inf\n1e999\n0")))
    yield _scene("with a world file of no numbers", world)


def _scene(name: str, data: bytes | Callable[[Bait], bytes]) -> Case:
    return Case(f"scene: zip {name}", content("a.zip", data), "scene")


def _of_sites() -> Cases:
    for name in PATHS:
        yield Case(f"zip entry {name!r}", content("a.zip", _zip(_entry(name))))
    yield Case("zip with a link to a file", content("a.zip", _zip(_link_named("a.geojson"))))
    for suffix in (".zip", ".kmz", ".7z", ".tar.gz", ".rar"):
        yield Case(f"zip in zip {suffix}", content("a.zip", _zip(_entry(f"b{suffix}", b"PK\3\4"))))
    yield Case("zip of 20,000 entries", content("a.zip", _zip(_many_named(".geojson"))))
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


# Little-endian, and directories that begin at once and hold nothing.
TIFF = b"II*\0\x08\0\0\0" + bytes(64)
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


def _link_named(name: str) -> Fill:
    def fill(file: zipfile.ZipFile, bait: Bait) -> None:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        file.writestr(info, str(bait.file))

    return fill


def _with_a_picture(other: Fill) -> Fill:
    def fill(file: zipfile.ZipFile, bait: Bait) -> None:
        file.writestr("a.tif", TIFF)
        other(file, bait)

    return fill


def _two_pictures(file: zipfile.ZipFile, _bait: Bait) -> None:
    for name in ("a.tif", "b.tif"):
        file.writestr(name, TIFF)


def _many_named(suffix: str) -> Fill:
    def fill(file: zipfile.ZipFile, _bait: Bait) -> None:
        for number in range(20_000):
            file.writestr(f"{number}{suffix}", b"{}")

    return fill


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


def _lying_sizes(bait: Bait, suffix: str = ".geojson") -> bytes:
    """The directory says ten bytes where there are 300 MB."""
    data = bytearray(_zip(_bomb(suffix))(bait))
    entry = data.rindex(b"PK\1\2")
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    return bytes(data)


def _overlapping(bait: Bait, suffix: str = ".geojson") -> bytes:
    """Many entries of the directory that name one and the same compressed block."""
    data = _zip(_bomb(suffix))(bait)
    end, entry = data.rindex(b"PK\5\6"), data.rindex(b"PK\1\2")
    one = data[entry:end]
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    count = 1_000
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(one) * count, start, 0)
    return data[:entry] + one * count + last


def _encrypted(bait: Bait, name: str = "a.geojson") -> bytes:
    data = bytearray(_zip(_entry(name))(bait))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(mark) + offset
        data[at] |= 1
    return bytes(data)


def _cut(bait: Bait) -> bytes:
    data = _zip(_entry("a.geojson", Path(__file__).read_bytes()))(bait)
    return data[: len(data) // 2]
