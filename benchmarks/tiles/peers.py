"""Servers to run beside each other, each on a port of its own, and the environment that peers are installed into."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PACKAGES = [
    "tipg==1.6.1",
    "uvicorn==0.54.0",
    "django-vectortiles==1.0.2",
    "mapbox-vector-tile==2.2.0",
    "Django==5.2.19",
    "asyncpg==0.32.0",
    "granian==2.8.7",
]
WORKERS = 2
START_S = 60


def environment() -> Path:
    """The peers' own virtual environment, below var/; made when it is not there."""
    folder = ROOT / "var" / "benchmark-tiles"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(PACKAGES):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(folder / "bin/pip"), "install", "-q", "--only-binary", ":all:"]
        subprocess.run([*install, *PACKAGES], check=True)
        stamp.write_text("\n".join(PACKAGES))
    return folder / "bin"


@contextmanager
def serving(command: Sequence[str], extra: Mapping[str, str]) -> Iterator[int]:
    """The port of a server that answers; ``{port}`` in the command is replaced. Ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command],
        env={**os.environ, **extra},
        cwd=extra.get("FOLDER", ROOT),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if "QUIET" not in extra else subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def ours(extra: Mapping[str, str]) -> "object":
    granian = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--port",
        "{port}",
    ]
    flags = [
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "error",
    ]
    return serving([*granian, *flags, "gis_projects.wsgi:application"], extra)


def bare(bin_: Path, dsn: str, query: str) -> "object":
    flags = ["--interface", "asgi", "--port", "{port}", "--workers", str(WORKERS), "--no-ws"]
    command = [str(bin_ / "granian"), *flags, "--log-level", "error", "bare:app"]
    return serving(command, {"DSN": dsn, "QUERY": query, "FOLDER": str(HERE)})


def tipg(bin_: Path, dsn: str) -> "object":
    command = [
        str(bin_ / "uvicorn"),
        "--port",
        "{port}",
        "--workers",
        str(WORKERS),
        "--log-level",
        "error",
    ]
    extra = {"DATABASE_URL": dsn, "TIPG_MAX_FEATURES_PER_TILE": "10000000", "FOLDER": str(HERE)}
    return serving([*command, "tipg.main:app"], extra)


def vectortiles(bin_: Path, database: Path) -> "object":
    flags = ["--interface", "wsgi", "--port", "{port}", "--workers", str(WORKERS), "--no-ws"]
    command = [str(bin_ / "granian"), *flags, "--blocking-threads", "4", "--log-level", "error"]
    extra = {"DB": str(database), "FOLDER": str(HERE)}
    return serving([*command, "vectortiles_site:app"], extra)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            told = process.stderr.read().decode() if process.stderr else ""
            raise SystemExit(f"a server ended while starting: {told[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("a server did not start")
