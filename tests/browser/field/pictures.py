"""Photographs as a camera makes them: large, with EXIF, and each different."""

import hashlib
import io
import os

from PIL import Image

ORIENTATION, MADE_BY = 0x0112, 0x010F


def photograph(
    size: tuple[int, int] = (1600, 1200), orientation: int = 1, quality: int = 92
) -> bytes:
    """A JPEG of noise over a colour, some MB of it, so that no two are alike."""
    noise = Image.frombytes("L", size, os.urandom(size[0] * size[1]))
    picture = Image.merge("RGB", (noise, noise.rotate(90, expand=False), noise))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MADE_BY] = orientation, "Demo camera"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()


def upload(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
