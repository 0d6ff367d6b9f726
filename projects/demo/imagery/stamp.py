"""The mark that every picture carries: 演示数据 · 模拟影像 SIMULATED."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WATERMARK = "演示数据 · 模拟影像 SIMULATED"
_FONTS = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
]


class FontMissing(RuntimeError):
    """No font with Chinese characters on this machine."""


@lru_cache(maxsize=8)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """A font with Chinese characters. Raises FontMissing, which names the Debian package."""
    for candidate in _FONTS:
        if Path(candidate).exists():
            return ImageFont.truetype(candidate, size_px)
    raise FontMissing(
        "No Chinese font was found. Install the Debian package fonts-noto-cjk or fonts-wqy-microhei."
    )


def stamped(pixels: NDArray[np.uint8], words: str, taken_on: date) -> NDArray[np.uint8]:
    """The picture with the watermark across it and a label with words and date in a corner."""
    image = Image.fromarray(pixels).convert("RGBA")
    image = Image.alpha_composite(image, _watermark(image.size))
    label = f"演示数据 · {words} SIMULATED  {taken_on.isoformat()}"
    face = font(max(13, image.width // 56))
    draw = ImageDraw.Draw(image, "RGBA")
    left, top, right, bottom = draw.textbbox((0, 0), label, font=face)
    pad = face.size // 2
    x, y = pad, image.height - pad - (bottom - top) - 2 * pad
    draw.rounded_rectangle(
        (x, y, x + right - left + 2 * pad, image.height - pad), pad, fill=(12, 18, 24, 165)
    )
    draw.text((x + pad - left, y + pad - top), label, font=face, fill=(255, 255, 255, 240))
    return np.asarray(image.convert("RGB"))


@lru_cache(maxsize=8)
def _watermark(size: tuple[int, int]) -> Image.Image:
    width, height = size
    side = int(np.hypot(width, height))
    layer = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(layer)
    face = font(max(16, width // 34))
    step = int(face.getlength(WATERMARK) * 1.35)
    for row, y in enumerate(range(0, side, int(height / 3.2))):
        for x in range(-step // 2 * (row % 2), side, step):
            draw.text((x, y), WATERMARK, font=face, fill=62)
    turned = layer.rotate(27, resample=Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    alpha = turned.crop((left, top, left + width, top + height))
    mark = Image.new("RGBA", size, (255, 255, 255, 0))
    mark.putalpha(alpha)
    return mark
