"""The peer: ST_AsMVT written by hand behind an ASGI application of nothing else (asyncpg, no framework).

Environment: DSN, and QUERY with $1 z, $2 x, $3 y. gzip level 1, as ours.
"""

import gzip
import os
from typing import Any

import asyncpg

QUERY = os.environ["QUERY"]
_pools: list[Any] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        return
    if not _pools:
        settings = {"jit": "off", "max_parallel_workers_per_gather": "0"}
        _pools.append(
            await asyncpg.create_pool(
                os.environ["DSN"], min_size=2, max_size=4, server_settings=settings
            )
        )
    z, x, y = map(int, scope["path"].strip("/").split("/"))
    tile = await _pools[0].fetchval(QUERY, z, x, y)
    headers = [
        (b"content-type", b"application/vnd.mapbox-vector-tile"),
        (b"content-encoding", b"gzip"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": gzip.compress(tile or b"", 1)})
