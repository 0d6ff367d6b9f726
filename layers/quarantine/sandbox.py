"""What a process does to itself before it opens a file from outside. Nothing of it can be undone.

Two steps: ``prepare`` in the server that children are forked from (once: what costs time), ``enter`` in
each child, between fork and first byte. A wall that the kernel refuses is left out and told.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from layers.quarantine import kernel, landlock, seccomp

ROOT = Path(__file__).resolve().parents[2]
WALLS = ("network", "files", "calls", "capabilities")
_CODE = ("gis_projects", "layers")
_OPEN_FILES = 128
# GDAL as a reader of the one file it is given: no sidecars, no addresses, no plug-ins, no drivers that point elsewhere.
GDAL_SETTINGS = {
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_PROXY": "127.0.0.1:1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_NUM_THREADS": "1",
    "GDAL_SKIP": "VRT,OGR_VRT,HTTP,WMS,WMTS,WCS,WFS,OAPIF,CSW,OGCAPI,DAAS,EEDA,EEDAI,PLMOSAIC,PLSCENES,NGW,"
    "ElasticSearch,Elasticsearch,Carto,AmigoCloud,GMLAS,MBTiles,STACTA,STACIT,TileDB,Zarr,ZARR,Rasterlite,"
    "GTI,WMS,PostgreSQL,PostGISRaster,PGDUMP,MySQL,MSSQLSpatial,ODBC,PGeo,OGDI,DODS,netCDF,HDF5,HDF5Image,"
    "HDF4,HDF4Image,JPIPKAK,MVT,PDF,SVG,GPSBabel,LIBKML,XLS,Interlis 1,Interlis 2,S57",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_USE_HEAD": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "SHAPE_RESTORE_SHX": "NO",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def prepare() -> dict[str, str]:
    """In the server, before any library: no new rights, and a network of its own that leads nowhere."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return _tried("network", _leave_the_network)


def _leave_the_network() -> str:
    alone = kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC
    try:
        kernel.unshare(alone)
    except PermissionError:
        kernel.unshare(alone | kernel.CLONE_NEWUSER)
    return "namespace"


def enter(
    readable: Path, writable: Path, limits: Mapping[str, Any], walls: Mapping[str, str]
) -> dict[str, str]:
    """In the child: limits, the file system, capabilities, system calls. Returns the walls that stand.

    readable: the folder of what was sent. writable: a folder for the work. walls: those that the
    server put up. One thread only may run.
    """
    os.setsid()
    os.umask(0o077)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    _be_the_first_to_go()
    _limit(limits)
    standing = dict(walls)
    places = [*system_paths(), readable]
    devices = [Path("/dev/null"), Path("/dev/zero")]
    standing |= _tried(
        "files", lambda: f"landlock {landlock.restrict(places, [*devices, writable])}"
    )
    standing |= _tried("capabilities", _without_capabilities)
    standing |= _tried("calls", _filter_calls)
    return standing


def _tried(name: str, wall: Callable[[], str]) -> dict[str, str]:
    try:
        return {name: wall()}
    except (OSError, KeyError):
        return {}


def _without_capabilities() -> str:
    kernel.drop_capabilities()
    return "dropped"


def _filter_calls() -> str:
    seccomp.restrict()
    return "seccomp"


def _be_the_first_to_go() -> None:
    """When the machine runs out of memory, this process is to end and not the site."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        pass


def _limit(limits: Mapping[str, Any]) -> None:
    taken = _memory_taken()
    heap = taken["VmData"] + int(limits["memory_bytes"])
    # Files that are mapped for reading count here and not as heap.
    space = taken["VmSize"] + int(limits["memory_bytes"]) + int(limits["file_bytes"])
    seconds = int(limits["cpu_s"])
    for kind, soft, hard in (
        (resource.RLIMIT_DATA, heap, heap),
        (resource.RLIMIT_AS, space, space),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, int(limits["file_bytes"]), int(limits["file_bytes"])),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
    ):
        resource.setrlimit(kind, (soft, hard))


def _memory_taken() -> dict[str, int]:
    """What the process has now, in bytes: all of it, and what it may write to."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.findall(r"^(VmSize|VmData):\s+(\d+) kB", text, re.MULTILINE)
    return {name: int(size) << 10 for name, size in found}


def system_paths() -> list[Path]:
    """What Python and the libraries need to read: code and tables, nothing of anybody's data."""
    paths = sysconfig.get_paths()
    wanted = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = Path(str(sysconfig.get_config_var("LIBDIR") or "/usr/lib"))
    wanted |= {sys.prefix, *map(str, base.glob("libpython*"))}
    wanted |= {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"}
    wanted |= {"/usr/share/zoneinfo", "/usr/share/proj", "/usr/share/mime"}
    wanted |= {"/etc/ld.so.cache", "/etc/localtime", "/dev/urandom"}
    return [*map(Path, sorted(wanted)), *(ROOT / name for name in _CODE)]
