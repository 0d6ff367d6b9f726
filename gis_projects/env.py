"""Environment variables to settings: small parsers that refuse a misspelt value loudly.

Every value may also come from a file: ``SECRET_KEY_FILE=/run/secrets/key`` stands for ``SECRET_KEY``.
"""

import importlib.util
import os
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", ".localhost"})

ENGINES = {
    "spatialite": "django.contrib.gis.db.backends.spatialite",
    "postgis": "django.contrib.gis.db.backends.postgis",
}


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that ``<name>_FILE`` names, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no variable. Raises ImproperlyConfigured on any other word."""
    word = os.environ.get(name)
    if word is None:
        return default
    if word.lower() in TRUE_WORDS:
        return True
    if word.lower() in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={word!r} is neither yes nor no")


def number(name: str, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured on anything else."""
    word = os.environ.get(name, "")
    if not word:
        return default
    try:
        return int(word)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={word!r} is not a whole number") from error


def choice(name: str, known: tuple[str, ...]) -> str:
    """One word of those known; the first when unset. Raises ImproperlyConfigured on any other."""
    word = os.environ.get(name, "") or known[0]
    if word not in known:
        raise ImproperlyConfigured(f"{name}={word!r} is none of: {', '.join(known)}")
    return word


def tile_cache(folder: Path) -> dict[str, object]:
    """TILE_CACHE: ``none`` (the default), ``file`` (below ``folder``) or a ``redis://`` address, as a cache.

    Raises ImproperlyConfigured on anything else, and for Redis where its client is not installed.
    """
    word = text("TILE_CACHE") or "none"
    if word == "none":
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    limits = {"TIMEOUT": number("TILE_CACHE_S", 86_400)}
    if word == "file":
        return {"BACKEND": "layers.tiles.file_cache.FileCache", "LOCATION": str(folder), **limits}
    if word.startswith(("redis://", "rediss://", "unix://")):
        if importlib.util.find_spec("redis") is None:
            raise ImproperlyConfigured(
                "TILE_CACHE names a Redis; install its client: pip install redis"
            )
        return {
            "BACKEND": "layers.tiles.redis_cache.RedisTileCache",
            "LOCATION": word,
            **limits,
        }
    raise ImproperlyConfigured(f"TILE_CACHE={word!r} is none of: none, file, redis://…")


def private_address(name: str) -> tuple[str, int] | None:
    """``host:port`` with an IP address that is not public; None when unset. Raises ImproperlyConfigured."""
    word = os.environ.get(name, "")
    if not word:
        return None
    host, _, port = word.rpartition(":")
    try:
        address = ip_address(host.strip("[]"))
        number_of_port = int(port)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}={word!r} is not an address such as 127.0.0.1:9464"
        ) from error
    if not address.is_private or address.is_unspecified:
        raise ImproperlyConfigured(
            f"{name}={word!r} can be reached from outside; choose a private address"
        )
    return str(address), number_of_port


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; empty parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """``spatialite:///path`` or ``postgis://user:password@host:port/name?option=value`` to Django's form.

    A PostgreSQL socket directory goes into the query: ``postgis:///name?host=/run/postgresql``.
    """
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise ImproperlyConfigured(f"DATABASE_URL starts with {parts.scheme!r}; known: {known}")
    if parts.scheme == "spatialite":
        return _spatialite(unquote(parts.path))
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": ENGINES["postgis"],
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _spatialite(path: str) -> dict[str, object]:
    """IMMEDIATE takes the write lock at BEGIN, so a read-then-write never fails half-way with "locked".

    WAL lets readers go on beside the one writer; FULL makes an answered commit survive a power cut.
    """
    return {
        "ENGINE": ENGINES["spatialite"],
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
            ),
        },
        "CONN_MAX_AGE": 60,
    }
