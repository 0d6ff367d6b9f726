"""A colour GeoTIFF becomes a scene: the time of our conversion beside gdal_translate -of COG, and our peak memory.

Both read the same tiled file and write WebP at quality 80 in blocks of 256 pixels with averaged overviews, in turns.
Ours is timed without Django's start and without the quarantine's, and uses two threads. Needs gdal-bin.

    .venv/bin/python benchmarks/import_raster.py [--side 10000] [--rounds 3]
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

ROOT = Path(__file__).resolve().parents[1]
COG = ["-of", "COG", "-co", "COMPRESS=WEBP", "-co", "QUALITY=80", "-co", "BLOCKSIZE=256"]
COG += ["-co", "OVERVIEW_RESAMPLING=AVERAGE"]


def make_picture(path: Path, side: int) -> None:
    """Smooth ground with fields and grain, so that it compresses as an aerial picture does."""
    rng = np.random.default_rng(1)
    options = {"tiled": True, "blockxsize": 256, "blockysize": 256, "dtype": "uint8"}
    grid = from_origin(41_500_000, 5_250_000, 0.5, 0.5)
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=3, crs="EPSG:4529", transform=grid, **options
    ) as out:  # fmt: skip
        for top in range(0, side, 500):
            rows = np.arange(top, top + 500)[:, None]
            cols = np.arange(side)[None, :]
            fields = ((rows // 170) * 37 + (cols // 230) * 91) % 90
            ground = 60 + fields + 25 * np.sin(rows / 300) * np.cos(cols / 400)
            bands = [ground * share + rng.normal(0, 6, ground.shape) for share in (0.9, 1.0, 0.7)]
            pixels = np.clip(np.stack(bands), 0, 255).astype(np.uint8)
            out.write(pixels, window=((top, top + 500), (0, side)))


def convert_alone(source: str, target: str) -> None:
    """In a process of its own: seconds and the peak of its memory, printed."""
    os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_projects.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from layers.raster.incoming import Upload, convert, inspect

    upload = Upload(Path(source), "picture.tif")
    wkt = inspect(upload)["wkt"]
    start = time.perf_counter()
    convert(upload, Path(target), wkt)
    took = time.perf_counter() - start
    # Not ru_maxrss: that begins with what the parent had when it forked.
    status = Path("/proc/self/status").read_text()
    print(took, int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)


def ours(source: Path, target: Path) -> tuple[float, float]:
    words = [sys.executable, __file__, "--alone", str(source), str(target)]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    took, peak_mb = map(float, text.split())
    return took, peak_mb


def theirs(source: Path, target: Path) -> float:
    start = time.perf_counter()
    words = ["gdal_translate", "-q", *COG, "--config", "GDAL_NUM_THREADS", "1"]
    subprocess.run([*words, str(source), str(target)], check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", nargs=2)
    given = parser.parse_args()
    if given.alone:
        convert_alone(*given.alone)
        return
    with tempfile.TemporaryDirectory() as folder:
        for side in (given.side // 2, given.side):
            source = Path(folder) / f"{side}.tif"
            make_picture(source, side)
            rounds = []
            for _round in range(given.rounds):
                mine = ours(source, Path(folder) / "ours.tif")
                rounds.append((*mine, theirs(source, Path(folder) / "theirs.tif")))
            took, peak_mb, gdal = (
                statistics.median(column) for column in zip(*rounds, strict=True)
            )
            sizes = [
                (Path(folder) / f"{who}.tif").stat().st_size >> 20 for who in ("ours", "theirs")
            ]
            print(
                f"{side} px: ours {took:.1f} s, {peak_mb:.0f} MB peak; gdal_translate {gdal:.1f} s"
            )
            print(f"  ratio {took / gdal:.2f}; files {sizes[0]} MB and {sizes[1]} MB")


if __name__ == "__main__":
    main()
