"""The one GDAL environment in which this room reads and writes.

GDAL reaches for more than it is given: side-car files beside the picture, remote addresses hidden in
a path, statistics written back next to the upload. All of that is turned off here.
"""

import rasterio
from rasterio.env import Env

# Only this driver opens what users send: a VRT or an XML of another driver could point at any file.
READ_DRIVER = "GTiff"


def gdal_env() -> Env:
    """A fresh environment: no .aux.xml files, no directory listings, no network."""
    return rasterio.Env(
        GDAL_PAM_ENABLED="NO",
        GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR",
        CPL_VSIL_CURL_ALLOWED_EXTENSIONS=".none",
        CPL_VSIL_CURL_ALLOWED_FILENAME="none",
        GDAL_HTTP_MAX_RETRY="0",
        GDAL_NUM_THREADS="1",
        GDAL_CACHEMAX=64 * 1024 * 1024,
        GTIFF_SRS_SOURCE="EPSG",
    )
