"""Points, lines and polygons over the city's extent, as many of each, with eight attributes; the same each time."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "bench-tiles"
PEER_BIN = FOLDER / "venv" / "bin"
CITY = (122.4, 45.8, 126.7, 49.0)
PHASES = ("planned", "under_way", "done", "accepted")


def install(*packages: str) -> None:
    """Peers, in an environment of their own."""
    if not PEER_BIN.exists():
        subprocess.run([sys.executable, "-m", "venv", PEER_BIN.parent], check=True)
    subprocess.run([PEER_BIN / "python", "-m", "pip", "install", "-q", *packages], check=True)


def geometries(count: int) -> np.ndarray:
    """(n,) EPSG:4326: points, lines of 12 vertices, and polygons of 6 to 14 corners and 50 to 400 m, a third each."""
    chance = np.random.default_rng(5)
    west, south, east, north = CITY
    centres = np.column_stack(
        [chance.uniform(west, east, count), chance.uniform(south, north, count)]
    )
    kinds = np.arange(count) % 3
    found = np.empty(count, dtype=object)
    found[kinds == 0] = shapely.points(centres[kinds == 0])
    lines = np.flatnonzero(kinds == 1)
    steps = chance.normal(0, 0.0015, (len(lines), 12, 2)).cumsum(axis=1)
    found[lines] = shapely.linestrings(centres[lines, None, :] + steps)
    areas = np.flatnonzero(kinds == 2)
    corners = chance.integers(6, 15, len(areas))
    owner = np.repeat(np.arange(len(areas)), corners)
    turns = chance.uniform(0, 2 * np.pi, len(owner))
    turns = turns[np.lexsort((turns, owner))]
    radii = np.repeat(chance.uniform(0.0006, 0.005, len(areas)), corners) * chance.uniform(
        0.6, 1, len(owner)
    )
    around = np.column_stack([np.cos(turns), np.sin(turns) * 0.68]) * radii[:, None]
    found[areas] = shapely.polygons(
        shapely.linearrings(centres[areas][owner] + around, indices=owner)
    )
    return found


def columns(count: int) -> dict[str, list[Any]]:
    chance = np.random.default_rng(6)
    return {
        "name": [f"工程{number}号" for number in range(count)],
        "code": [f"QQ-{number:06d}" for number in range(count)],
        "phase": chance.choice(PHASES, count).tolist(),
        "district": [f"区{number}" for number in chance.integers(0, 16, count)],
        "year": chance.integers(2018, 2031, count).tolist(),
        "area": chance.uniform(0, 500, count).round(2).tolist(),
        "progress": chance.integers(0, 101, count).tolist(),
        "is_public": (chance.integers(0, 2, count) > 0).tolist(),
    }
