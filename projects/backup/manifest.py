"""What a backup says about itself: ``manifest.json``."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from projects.backup.refusal import BackupRefused

FORMAT_NAME = "gis-projects-backup"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A file within: its size in bytes, and the SHA-256 of its bytes as 64 hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """created_at: RFC 3339, UTC. schema: PostgreSQL's, empty for SQLite. migrations: names by app, as applied.

    counts: rows by table. database: the member database_name. media: files by their path below the media folder.
    faults: paths that rows name and whose files lacked, or were others, when the backup was made.
    """

    created_at: str
    vendor: str
    schema: str
    migrations: dict[str, list[str]]
    counts: dict[str, int]
    database_name: str
    database: Entry
    media: dict[str, Entry]
    faults: list[str]

    def to_json(self) -> bytes:
        body = {"format": FORMAT_NAME, "version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(body, ensure_ascii=False, indent=1).encode()


def parse(data: bytes) -> Manifest:
    """Raises BackupRefused when the words are of another format or version, or cannot be read."""
    try:
        body = json.loads(data)
        name, version = body["format"], body["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused(_("The archive is damaged: its manifest cannot be read.")) from error
    if (name, version) != (FORMAT_NAME, FORMAT_VERSION):
        raise BackupRefused(
            _("The backup has the format %(found)s; this software reads %(known)s.")
            % {"found": f"{name} {version}", "known": f"{FORMAT_NAME} {FORMAT_VERSION}"}
        )
    try:
        return _typed(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupRefused(_("The archive is damaged: its manifest cannot be read.")) from error


def _typed(body: dict[str, Any]) -> Manifest:
    return Manifest(
        created_at=str(body["created_at"]),
        vendor=str(body["vendor"]),
        schema=str(body["schema"]),
        migrations={str(app): [str(n) for n in names] for app, names in body["migrations"].items()},
        counts={str(table): int(count) for table, count in body["counts"].items()},
        database_name=str(body["database_name"]),
        database=_entry(body["database"]),
        media={str(path): _entry(entry) for path, entry in body["media"].items()},
        faults=[str(path) for path in body["faults"]],
    )


def _entry(body: dict[str, Any]) -> Entry:
    return Entry(int(body["size"]), str(body["sha256"]))
