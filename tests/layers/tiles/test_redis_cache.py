"""Hot tiles in a real Redis: given without a query, gone with time, and no tile fails when the Redis does."""

import gzip
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gis_projects import env
from tests.layers.tiles.conftest import MakeLayer, get_tile, some_of_everything, tile_path

SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="no redis-server (Debian: redis-server)")
START_S = 20


class Redis:
    """A server of the test's own, without a file on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"redis://127.0.0.1:{self.port}/1"
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [str(SERVER), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        process = subprocess.Popen(
            [*command, "--appendonly", "no", "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return process
        pytest.fail("redis-server did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(START_S)

    def start(self) -> None:
        self.process = self._started()

    def client(self) -> Any:
        import redis

        return redis.Redis.from_url(self.address)


@pytest.fixture
def hot_redis(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """As TILE_CACHE=redis://… has it."""
    server = Redis(tmp_path)
    monkeypatch.setenv("TILE_CACHE", server.address)
    settings.CACHES = {**settings.CACHES, "tiles": env.tile_cache(tmp_path)}
    yield server
    server.stop()


def test_a_hot_tile_comes_from_redis_and_is_the_same(
    make_layer: MakeLayer, client: Client, hot_redis: Redis
) -> None:
    make_layer(some_of_everything())
    path = tile_path(client, "mixed", 10)
    first = client.get(path)
    [key] = hot_redis.client().keys("*")
    kept = hot_redis.client().get(key)
    assert kept == first.content  # the bytes themselves, not a pickle of them
    assert gzip.decompress(kept)
    assert 0 < hot_redis.client().ttl(key) <= 86_400
    with CaptureQueriesContext(connection) as asked:
        second = client.get(path)
    assert len(asked) == 0
    assert (second.status_code, second.content) == (200, first.content)
    assert second["ETag"] == first["ETag"]


def test_a_redis_that_goes_away_costs_no_tile_and_is_used_again_when_it_is_back(
    make_layer: MakeLayer, client: Client, hot_redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_layer(some_of_everything())
    path = tile_path(client, "mixed", 10)
    before = get_tile(client, path)
    hot_redis.stop()
    assert get_tile(client, path) == before
    assert get_tile(client, path) == before
    hot_redis.start()
    assert hot_redis.client().keys("*") == []
    # As if the pause were over.
    monkeypatch.setattr(caches["tiles"], "_away_until", 0.0)
    assert get_tile(client, path) == before
    assert len(hot_redis.client().keys("*")) == 1


def test_an_unknown_word_and_a_missing_client_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TILE_CACHE", "memcached://x")
    with pytest.raises(Exception, match="TILE_CACHE"):
        env.tile_cache(tmp_path)
    monkeypatch.setenv("TILE_CACHE", "redis://127.0.0.1/1")
    monkeypatch.setattr(env.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(Exception, match="pip install redis"):
        env.tile_cache(tmp_path)
