"""A cache of bytes in plain files: Django's own packs and pickles what is compressed already, and counts all files at
each write.

Each key is a file, named by its hash, in one of 256 folders. What is older than the timeout is not given any more, and
now and then a write clears its folder of it, and of the oldest beyond a share of MAX_BYTES.
"""

import hashlib
import os
import random
import time
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

MAX_BYTES = 1 << 30
_FOLDERS = 256
# One write in so many looks after its folder.
_CLEARING = 64


class FileCache(BaseCache):
    """location: a folder, made when it is needed. Values are bytes, and have one timeout, the cache's own."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._folder = Path(location)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        path = self._path(key, version)
        try:
            with open(path, "rb") as file:
                if self._is_old(os.fstat(file.fileno()).st_mtime):
                    return default
                return file.read()
        except OSError:
            return default

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Whole or not at all: a reader never meets half a file. A full disk costs the cache, not the answer."""
        path = self._path(key, version)
        part = f"{path}.{os.getpid()}.{random.getrandbits(32):x}"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(part, "wb") as file:
                file.write(value)
            os.replace(part, path)
        except OSError:
            Path(part).unlink(missing_ok=True)
            return
        if random.randrange(_CLEARING) == 0:
            self._tidy(Path(path).parent)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        if self.get(key, version=version) is not None:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            os.unlink(self._path(key, version))
        except OSError:
            return False
        return True

    def clear(self) -> None:
        for path in self._folder.glob("*/*"):
            path.unlink(missing_ok=True)

    def _path(self, key: str, version: int | None) -> str:
        name = hashlib.sha256(self.make_key(key, version).encode()).hexdigest()
        return f"{self._folder}/{name[:2]}/{name[2:]}"

    def _is_old(self, written: float) -> bool:
        return self.default_timeout is not None and time.time() - written > self.default_timeout

    def _tidy(self, folder: Path) -> None:
        room = MAX_BYTES // _FOLDERS
        found = sorted(
            ((one.stat().st_mtime, one) for one in os.scandir(folder)),
            key=lambda pair: pair[0],
            reverse=True,
        )
        for written, one in found:
            room -= one.stat().st_size
            if room < 0 or self._is_old(written):
                Path(one.path).unlink(missing_ok=True)
