"""What a picture is by its first bytes, and how large, before any library opens it."""

import struct
from dataclasses import dataclass
from pathlib import Path

from layers.raster.problems import SceneCode, SceneRefused
from layers.raster.tiff import MAGICS, tiff_size

DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# Start of frame: the markers of JPEG (ITU T.81, table B.1) that carry the size.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_MAX_SEGMENTS = 10_000


@dataclass(frozen=True, slots=True)
class Sniffed:
    """driver: the one driver that may open it; size in pixels as its header says."""

    driver: str
    width: int
    height: int


def sniff(path: Path, name: str, max_pixels: int) -> Sniffed:
    """Look at the header of a picture that was sent as ``name``.

    Raises SceneRefused: NOT_A_PICTURE, WRONG_NAME when name and content differ, DAMAGED, FOREIGN_FILES,
    TOO_MANY_PIXELS.
    """
    with path.open("rb") as file:
        head = file.read(64)
    driver = _driver(head)
    suffix = Path(name).suffix.lower()
    if driver is None:
        raise SceneRefused(SceneCode.NOT_A_PICTURE, found=_shown(head))
    if suffix not in DRIVERS or DRIVERS[suffix] != driver:
        raise SceneRefused(SceneCode.WRONG_NAME, suffix=suffix or "-", found=driver)
    width, height = _size(path, driver, head)
    if width <= 0 or height <= 0:
        raise SceneRefused(SceneCode.DAMAGED, reason=f"{width} × {height}")
    if width * height > max_pixels:
        limit = max_pixels // 1_000_000
        raise SceneRefused(SceneCode.TOO_MANY_PIXELS, width=width, height=height, limit=limit)
    return Sniffed(driver, width, height)


def _driver(head: bytes) -> str | None:
    if head.startswith(MAGICS):
        return "GTiff"
    if head.startswith(_PNG):
        return "PNG"
    return "JPEG" if head.startswith(_JPEG) else None


def _size(path: Path, driver: str, head: bytes) -> tuple[int, int]:
    if driver == "GTiff":
        return tiff_size(path)
    if driver == "PNG":
        if len(head) < 24 or head[12:16] != b"IHDR":
            raise SceneRefused(SceneCode.DAMAGED, reason="IHDR")
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    return _jpeg_size(path)


def _jpeg_size(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        file.seek(2)
        for _segment in range(_MAX_SEGMENTS):
            marker = file.read(2)
            while marker == b"\xff\xff":
                marker = b"\xff" + file.read(1)
            if len(marker) < 2 or marker[0] != 0xFF or marker[1] in {0xDA, 0xD9}:
                break
            if marker[1] in _WITHOUT_LENGTH:
                continue
            body = file.read(2)
            if len(body) < 2:
                break
            length = struct.unpack(">H", body)[0]
            if marker[1] in _FRAMES:
                frame = file.read(5)
                if len(frame) < 5:
                    break
                height, width = struct.unpack(">HH", frame[1:])
                return width, height
            file.seek(max(0, length - 2), 1)
    raise SceneRefused(SceneCode.DAMAGED, reason="JPEG")


def _shown(head: bytes) -> str:
    text = head[:24].decode("latin-1")
    return "".join(char if char.isprintable() else "·" for char in text) or "-"
