"""What a hostile file would like to reach: an address that counts who calls, and a file of the server."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.hostile.case import CANARY, Bait


@dataclass
class Ear:
    """A socket that is listened to. calls: how often somebody connected."""

    port: int
    calls: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = Ear(server.getsockname()[1])

        def listen() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                heard.calls.append(str(address))
                caller.close()

        threading.Thread(target=listen, daemon=True).start()
        yield heard


@pytest.fixture
def bait(ear: Ear, tmp_path: Path) -> Bait:
    """The file is good geodata: a reader that follows a path to it would show the canary as a name."""
    path = tmp_path / "elsewhere" / "victim.geojson"
    path.parent.mkdir()
    ring = [[123.6, 47.1], [123.61, 47.1], [123.61, 47.11], [123.6, 47.1]]
    victim = {
        "type": "Feature",
        "properties": {"code": CANARY, "name": CANARY},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    collection = {"type": "FeatureCollection", "name": "victim", "features": [victim]}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return Bait(f"http://127.0.0.1:{ear.port}", path)
