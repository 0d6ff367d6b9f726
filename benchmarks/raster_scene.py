"""The scene that raster_tiles.py measures, and the tiles that are asked of it."""

import random
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench-raster"
ORIGIN = (560_000, 5_270_000)


def cog_of(side: int) -> Path:
    """The scene, made once: fields of a few hundred metres, roads, relief and noise."""
    import numpy as np
    import rasterio
    import rasterio.shutil
    from rasterio.transform import from_origin
    from rasterio.windows import Window

    path = FOLDER / f"cog-{side}" / "cog.tif"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    plots = rng.uniform(0.4, 1.0, (64, 64, 3)).astype(np.float32) * (150, 170, 110)
    plain = path.with_suffix(".plain.tif")
    options: dict[str, Any] = {
        "driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8", "crs": "EPSG:32651",
        "transform": from_origin(*ORIGIN, 1, 1), "tiled": True, "photometric": "RGB",
    }  # fmt: skip
    with rasterio.open(plain, "w", **options) as made:
        for top in range(0, side, 512):
            rows = min(512, side - top)
            y, x = np.mgrid[top : top + rows, 0:side].astype(np.float32)
            field = plots[
                ((y + 60 * np.sin(x / 900)) // 310).astype(int) % 64, (x // 240).astype(int) % 64
            ]
            furrows = 1 + 0.06 * np.sin(x * 1.3 + y * 0.4) + 0.1 * np.sin(x / 730) * np.cos(y / 510)
            picture = field * furrows[..., None] + rng.normal(0, 7, (rows, side, 1)).astype(
                np.float32
            )
            picture[(x % 1200 < 9) | (y % 1550 < 9)] = (170, 165, 155)
            made.write(
                np.moveaxis(picture.clip(0, 255).astype(np.uint8), 2, 0),
                window=Window(0, top, side, rows),
            )
    rasterio.shutil.copy(
        plain, str(path), driver="COG", compress="WEBP", quality=80, overview_quality=80, blocksize=256,
        overview_resampling="average", num_threads=2,
    )  # fmt: skip
    plain.unlink()
    return path


def tiles_of(side: int, count: int) -> list[tuple[int, int, int]]:
    """Whole tiles within the scene, as many of each matrix from 13 to 17, in the same random order each time."""
    from gis_projects.geo.crs import transform_point
    from gis_projects.geo.tile_matrix import tile_at

    chance = random.Random(3)
    west, north = ORIGIN
    found = []
    for number in range(count):
        z = 13 + number % 5
        margin = min(side / 4, 40_000_000 / 2**z)  # so that the tile is full
        x, y = (chance.uniform(margin, side - margin) for _ in range(2))
        lon, lat = transform_point(west + x, north - y, 32651, 4326)
        found.append((z, *tile_at(lon, lat, z)))
    chance.shuffle(found)
    return found
