"""Pixels as WebP, PNG or JPEG bytes. Pillow: its encoders are the fast ones."""

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ImageFormat = Literal["webp", "png", "jpg"]
CONTENT_TYPES: dict[str, str] = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg"}

Pixels = NDArray[np.uint8]


def encode(rgb: Pixels, alpha: Pixels, image_format: ImageFormat) -> bytes:
    """rgb: (height, width, 3); alpha: (height, width), which a JPEG shows as white."""
    picture = Image.fromarray(rgb)
    opaque = bool((alpha == 255).all())
    if image_format == "jpg":
        return _jpeg(picture, alpha, opaque)
    if not opaque:
        picture.putalpha(Image.fromarray(alpha))
    out = io.BytesIO()
    if image_format == "png":
        picture.save(out, "PNG", compress_level=1)
    else:
        picture.save(out, "WEBP", quality=80, method=1)
    return out.getvalue()


def _jpeg(picture: Image.Image, alpha: Pixels, opaque: bool) -> bytes:
    if not opaque:
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=Image.fromarray(alpha))
        picture = paper
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
