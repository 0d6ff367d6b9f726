"""A Redis that many machines share as the cache of hot tiles: plain bytes, and never a reason for a tile not to come.

Django's own pickles, and whoever could write to the Redis could then run code here. It raises, too, when the Redis is
away; here every tile is a miss then, and for a moment nobody asks again.
"""

import logging
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
# Longer than a Redis nearby takes, and shorter than making a tile.
TIMEOUT_S = 0.25
# A Redis that is away is asked again after so long.
PAUSE_S = 5.0


class _Bytes:
    def dumps(self, value: bytes) -> bytes:
        return value

    def loads(self, data: bytes) -> bytes:
        return data


class RedisTileCache(RedisCache):
    """server: a ``redis://``, ``rediss://`` or ``unix://`` address. Values are bytes."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S}
        given = params.get("OPTIONS", {})
        super().__init__(
            server, {**params, "OPTIONS": {**options, **given, "serializer": _Bytes()}}
        )
        self._away_until = 0.0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        if self._is_away():
            return default
        try:
            return super().get(key, default, version)
        except RedisError as error:
            self._note(error)
            return default

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        if self._is_away():
            return
        try:
            super().set(key, value, timeout, version)
        except RedisError as error:
            self._note(error)

    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def _note(self, error: RedisError) -> None:
        self._away_until = time.monotonic() + PAUSE_S
        logger.warning("The Redis of hot tiles does not answer: %s", error)
