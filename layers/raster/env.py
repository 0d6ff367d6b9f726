"""The one GDAL environment in which this room reads and writes.

GDAL reaches for more than it is given: side-car files beside the picture, remote addresses hidden in
a path, statistics written back next to the upload. All of that is turned off here.
"""

from typing import Any

import rasterio
from rasterio.env import Env

# Only this driver opens what users send: a VRT or an XML of another driver could point at any file.
READ_DRIVER = "GTiff"


_OPTIONS: dict[str, Any] = {
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_NUM_THREADS": "1",
    "GDAL_CACHEMAX": 64 * 1024 * 1024,
    "GTIFF_SRS_SOURCE": "EPSG",
}


def gdal_env() -> Env:
    """A fresh environment: no .aux.xml files, no directory listings, no network."""
    return rasterio.Env(**_OPTIONS)


def incoming_env() -> Env:
    """For a picture from outside: damage that GDAL would only warn of is an error, and large JPEGs stay in bounds."""
    return rasterio.Env(
        **_OPTIONS,
        GDAL_ERROR_ON_LIBJPEG_WARNING="YES",
        GDAL_JPEG_TO_RGB="YES",
        GDAL_TIFF_INTERNAL_MASK="YES",
        GTIFF_IGNORE_READ_ERRORS="NO",
    )
