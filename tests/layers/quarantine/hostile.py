"""Jobs that do in a child what a hostile file might make a reader do. Only these tests know them."""

import ctypes
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from layers.quarantine.child import JobRefused, Work

ABSURD = b'{"kind":"result","sizes":[99999999999999]}'


def _outcome(attempt: Callable[[], Any]) -> str:
    """What came of it: the error's number by name, or the beginning of what was got."""
    try:
        return f"got {attempt()!r:.60}"
    except OSError as error:
        return type(error).__name__


def read_paths(work: Work) -> dict[str, str]:
    return {
        path: _outcome(lambda path=path: Path(path).read_bytes())
        for path in work.arguments["paths"]
    }


def list_folders(work: Work) -> dict[str, str]:
    return {path: _outcome(lambda path=path: os.listdir(path)) for path in work.arguments["paths"]}


def write_paths(work: Work) -> dict[str, str]:
    return {
        path: _outcome(lambda path=path: Path(path).write_bytes(b"x"))
        for path in work.arguments["paths"]
    }


def connect(work: Work) -> str:
    return _outcome(lambda: socket.create_connection(("127.0.0.1", work.arguments["port"]), 2))


def connect_by_library(work: Work) -> str:
    """As GDAL would: its own network client, with its settings opened again."""
    import fiona

    address = f"/vsicurl/http://127.0.0.1:{work.arguments['port']}/a.geojson"
    settings = {
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": None,
        "GDAL_HTTP_PROXY": "",
        "GDAL_HTTP_TIMEOUT": "2",
    }
    try:
        with fiona.Env(**settings):
            return str(len(fiona.open(address)))
    except (fiona.errors.FionaError, ValueError) as error:
        return type(error).__name__


def run_programs(work: Work) -> list[str]:
    return [
        _outcome(lambda: subprocess.run(["/bin/true"], check=True)),
        _outcome(lambda: os.execv("/bin/true", ["true"])),
        _outcome(os.fork),
        _outcome(lambda: os.kill(os.getppid(), 0)),
        _outcome(lambda: os.symlink("/etc/passwd", work.folder / "link")),
    ]


def surroundings(work: Work) -> dict[str, Any]:
    descriptors = [number for number in range(64) if _is_open(number)]
    return {"environment": dict(os.environ), "descriptors": descriptors, "folder": str(Path.cwd())}


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def echo(work: Work) -> dict[str, Any]:
    contents = [path.read_bytes() for path in work.files]
    return {"contents": contents, "given": work.arguments}


def leave_file(work: Work) -> int:
    return (work.folder / "made.bin").write_bytes(b"made here")


def refuse(work: Work) -> None:
    raise JobRefused({"code": "too_odd", "limit": 3})


def fill_memory(work: Work) -> int:
    pieces = []
    while True:
        pieces.append(b"x" * (16 << 20))


def burn(work: Work) -> None:
    while True:
        pass


def hang(work: Work) -> None:
    time.sleep(3_600)


def fault(work: Work) -> None:
    ctypes.string_at(0)


def stumble(work: Work) -> None:
    raise ZeroDivisionError("by a hair")


def fill_disk(work: Work) -> None:
    with (work.folder / "big").open("wb") as file:
        while True:
            file.write(b"x" * (1 << 20))


def flood(work: Work) -> None:
    os.write(1, b"x" * 100_000)
    while True:
        work.send({"kind": "noise"}, [b"x" * (1 << 20)])


def say_garbage(work: Work) -> None:
    os.write(work.pipe.descriptor, b"\x80\x04\x95cos\nsystem\n" * 100)


def claim_much(work: Work) -> None:
    os.write(work.pipe.descriptor, b"GISQ" + len(ABSURD).to_bytes(4, "little") + ABSURD)


def end_early(work: Work) -> None:
    os._exit(0)


JOBS = {
    name: f"{__name__}:{name}"
    for name, one in list(globals().items())
    if getattr(one, "__module__", "") == __name__ and not name.startswith("_")
}
