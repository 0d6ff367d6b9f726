"""Native libraries, loaded in the one order that works.

The wheels of rasterio, fiona, pyogrio, shapely and pyproj each carry their own GDAL, GEOS and PROJ; mod_spatialite
uses the system's. Measured: with the wheels first they live together in one process; mod_spatialite first and then
rasterio, or pyogrio writing a GeoPackage, aborts with ``free(): invalid next size`` or a segmentation fault. Settings
import this module before Django opens a connection; tests/test_native.py runs both orders in child processes.

GeoDjango itself is given the wheels' libgdal and libgeos_c, so that only mod_spatialite comes from the system.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A PROJ database of one version read by another PROJ breaks every transformation: each wheel finds its own.
os.environ.pop("PROJ_DATA", None)
os.environ.pop("PROJ_LIB", None)

import fiona  # noqa: F401
import pyproj  # noqa: F401
import rasterio
import shapely


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Inside, importing one of these fails, unless it has been imported before."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None is Python's own word for it
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


# It would import pandas, when that is there, for data frames that nobody here asks it for: two thirds of its time.
with _hidden("pandas", "geopandas"):
    import pyogrio  # noqa: F401


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
