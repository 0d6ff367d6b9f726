"""What a tablet saved to a file because it could not send it: taken in by the office, as if it had been sent.

The file is a zip with ``ops.jsonl`` (a line ``{"body", "sha256"}`` for each operation) and ``photos/<number>``. Every
author stays the author; the ledger says who loaded the record. Loading it again does no harm, and so does sending it
afterwards.
"""

import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from gis_projects.http.problems import ImportRefused as FileRefused
from gis_projects.http.problems import Problem
from layers.importing.problems import ImportRefused
from layers.importing.unpacking import unpacked_in_quarantine
from layers.importing.unzip import Limits, Part
from projects import trail
from projects.models import Operation, PhotoState, PhotoUpload
from projects.sync import devices, photos, push
from projects.sync.operation import Incoming

OPERATIONS, PHOTOS = "ops.jsonl", "photos"
MAX_LINE = 1_000_000
_ENTRIES = 20_000


@dataclass(slots=True)
class Loaded:
    """states: how many operations ended in which; verified: of so many photos in the file; unread: lines."""

    states: Counter[str] = field(default_factory=Counter)
    photos: int = 0
    verified: int = 0
    unread: int = 0


def load(archive: Path, name: str, *, by: User) -> Loaded:
    """Take everything in. Raises FileRefused for a file that is no such zip; what is in one is never refused whole."""
    limits = Limits(entries=_ENTRIES, total_bytes=settings.UPLOAD_QUOTA_BYTES)
    with tempfile.TemporaryDirectory(prefix="rescue-") as folder:
        try:
            wanted = ("", ".jsonl")
            parts = unpacked_in_quarantine(
                Part(name, archive), Path(folder) / "parts", wanted, limits
            )
        except ImportRefused as error:
            raise FileRefused(str(error)) from error
        found = {part.name: part.path for part in parts if part.path.exists()}
        if OPERATIONS not in found:
            raise FileRefused(_("This file has no records of a tablet in it."))
        loaded = Loaded()
        with found[OPERATIONS].open("rb") as lines:
            _load_operations(lines, loaded, by)
        _load_photos(found, loaded)
    _note(loaded, name, by)
    return loaded


def _load_operations(lines: Iterable[bytes], loaded: Loaded, by: User) -> None:
    """Neighbours of one author and one tablet go together, in the order of the file."""
    for (author, device), some in groupby(_incoming(lines, loaded, by), key=lambda one: one[:2]):
        told = [incoming for _author, _device, incoming in some]
        for start in range(0, len(told), 100):
            batch = told[start : start + 100]
            results = push.push(author, devices.known(author, device), batch, offset_s=0.0)
            loaded.states.update(str(result["status"]) for result in results)
            _mark(results, by)


def _incoming(
    lines: Iterable[bytes], loaded: Loaded, by: User
) -> Iterator[tuple[User, uuid.UUID, Incoming]]:
    authors: dict[Any, User | None] = {}
    for line in lines:
        if not line.strip():
            continue
        incoming = _read(line)
        if incoming is None:
            loaded.unread += 1
            continue
        author_id, device = _written_by(incoming)
        if author_id not in authors:
            authors[author_id] = (
                None if author_id is None else User.objects.filter(pk=author_id).first()
            )
        # A text that names nobody we know is kept under the name of whoever loads it.
        yield authors[author_id] or by, device, incoming


def _read(line: bytes) -> Incoming | None:
    try:
        found = orjson.loads(line[:MAX_LINE])
        body, digest = found["body"], found["sha256"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if not isinstance(body, str) or not isinstance(digest, str):
        return None
    return Incoming(body, digest)


def _written_by(incoming: Incoming) -> tuple[int | None, uuid.UUID]:
    try:
        found = orjson.loads(incoming.body)
        author = found.get("author_id")
        device = uuid.UUID(found.get("device_id"))
    except (orjson.JSONDecodeError, ValueError, TypeError, AttributeError):
        return None, uuid.UUID(int=0)
    return (author if type(author) is int and 0 < author < 2**53 else None), device


def _mark(results: Sequence[dict[str, Any]], by: User) -> None:
    """Who loaded the records that are new by this."""
    new = [one["op_id"] for one in results if one["op_id"] and one["status"] != "duplicate"]
    Operation.objects.filter(operation__in=new, loaded_by=None).update(loaded_by=by)


def _load_photos(found: dict[str, Path], loaded: Loaded) -> None:
    for name, path in found.items():
        where = PurePosixPath(name)
        if where.parent.name != PHOTOS:
            continue
        loaded.photos += 1
        if _load_photo(where.name, path):
            loaded.verified += 1


def _load_photo(name: str, path: Path) -> bool:
    try:
        upload = PhotoUpload.objects.filter(pk=uuid.UUID(name)).select_related("author").first()
    except ValueError:
        return False
    if upload is None:
        return False
    at = photos.offset(upload)
    if upload.state != PhotoState.VERIFIED:
        with path.open("rb") as stream:
            stream.seek(at)
            try:
                photos.append(upload, at, stream)
            except Problem:
                return False
    upload.refresh_from_db(fields=["state"])
    push.retry_held(upload.author)
    return upload.state == PhotoState.VERIFIED


def _note(loaded: Loaded, name: str, by: User) -> None:
    told = {"records": sum(loaded.states.values()), "photos": loaded.verified}
    event = Event(Action.CREATED, trail.OPERATION, "0", name, audit.created(told), by)
    audit.record(event)
