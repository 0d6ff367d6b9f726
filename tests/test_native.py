"""The order in which native libraries load decides whether the process lives; each order in a child of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gis_projects import native

ROOT = Path(__file__).resolve().parent.parent
SPATIALITE = """
import sqlite3
link = sqlite3.connect(":memory:")
link.enable_load_extension(True)
link.load_extension("mod_spatialite")
link.execute("SELECT InitSpatialMetadata(1)")
assert link.execute("SELECT AsText(ST_Transform(MakePoint(124, 47.3, 4326), 32651))").fetchone()[0]
"""
WHEELS = """
import numpy, pyogrio, rasterio.warp, shapely, pyproj, fiona, tempfile
xs, ys = rasterio.warp.transform("EPSG:4326", "EPSG:4529", [124.0], [47.3])
assert xs[0] > 41_000_000, xs
assert shapely.Point(0, 0).buffer(1).area > 3
assert pyproj.Geod(ellps="GRS80").inv(124, 47, 124, 48)[2] > 111_000
with rasterio.MemoryFile() as memory, memory.open(driver="GTiff", width=8, height=8, count=1, dtype="uint8") as tif:
    tif.write(numpy.zeros((1, 8, 8), "uint8"))
with tempfile.TemporaryDirectory() as folder:
    shapes = [shapely.Point(124, 47).wkb]
    options = dict(driver="GPKG", geometry_type="Point", crs="EPSG:4490")
    pyogrio.raw.write(folder + "/one.gpkg", numpy.array(shapes, object), [], [], **options)
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in {"PROJ_DATA", "PROJ_LIB"}}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_lives_when_the_wheels_are_loaded_first() -> None:
    done = run("import gis_projects.native\n" + SPATIALITE + WHEELS + SPATIALITE)
    assert done.returncode == 0, done.stderr


def test_it_drops_a_projection_database_of_another_proj() -> None:
    done = run("import gis_projects.native\n" + WHEELS, PROJ_DATA="/nowhere", PROJ_LIB="/nowhere")
    assert done.returncode == 0, done.stderr


def test_it_is_needed_because_the_other_order_kills_the_process() -> None:
    """When this one fails, a later wheel has made the order harmless: say so in native.py."""
    done = run(SPATIALITE + WHEELS)
    if done.returncode == 0:
        pytest.skip("with these versions the other order lives too")
    assert done.returncode < 0, done.stderr


def test_it_gives_geodjango_the_libraries_of_the_wheels() -> None:
    for path in (native.gdal_library_path(), native.geos_library_path()):
        assert Path(path).is_file()
        assert "site-packages" in path


def test_it_names_the_library_that_a_wheel_lacks(tmp_path: Path) -> None:
    module = tmp_path / "rasterio" / "__init__.py"
    with pytest.raises(native.NativeLibraryMissing, match=r"libgdal\* is not in .*rasterio\.libs"):
        native._bundled(str(module), "rasterio.libs", "libgdal*")


def test_it_loads_no_data_frames_and_hides_them_from_nobody_afterwards() -> None:
    done = run(
        "import sys, gis_projects.native\nassert 'pandas' not in sys.modules\nimport pandas\n"
    )
    assert done.returncode == 0, done.stderr
