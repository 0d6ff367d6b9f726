"""Native libraries, loaded in the one order that works.

The wheels of rasterio, fiona, pyogrio, shapely and pyproj each carry their own GDAL, GEOS and PROJ; mod_spatialite
uses the system's. Measured: with the wheels first they live together in one process; mod_spatialite first and then
rasterio, or pyogrio writing a GeoPackage, aborts with ``free(): invalid next size`` or a segmentation fault. Settings
import this module before Django opens a connection; tests/test_native.py runs both orders in child processes.

GeoDjango itself is given the wheels' libgdal and libgeos_c, so that only mod_spatialite comes from the system.
"""

import os
from pathlib import Path

# A PROJ database of one version read by another PROJ breaks every transformation: each wheel finds its own.
os.environ.pop("PROJ_DATA", None)
os.environ.pop("PROJ_LIB", None)

import fiona  # noqa: F401
import pyogrio  # noqa: F401
import pyproj  # noqa: F401
import rasterio
import shapely


class NativeLibraryMissing(RuntimeError):
    """A wheel does not carry the library that it should; the message names it."""


def gdal_library_path() -> str:
    """The libgdal that rasterio's wheel carries."""
    return _bundled(rasterio.__file__, "rasterio.libs", "libgdal*")


def geos_library_path() -> str:
    """The libgeos_c that shapely's wheel carries."""
    return _bundled(shapely.__file__, "shapely.libs", "libgeos_c*")


def _bundled(module_file: str, folder: str, pattern: str) -> str:
    libraries = Path(module_file).resolve().parent.parent / folder
    found = sorted(libraries.glob(pattern))
    if not found:
        raise NativeLibraryMissing(
            f"{pattern} is not in {libraries}: install the binary wheels (pip install -r requirements.txt)"
        )
    return str(found[0])
