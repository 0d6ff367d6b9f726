"""Photographs of the field: announced by an operation, sent in parts, and verified before anybody lets go of them.

In the manner of tus 1.0: HEAD tells the offset, PATCH adds exactly there. A part's length on the disk is the offset.
When the last byte is here: fsync, hash, rename, and only then the row says ``verified``. A tablet keeps its copy until
then.
"""

import errno
import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from gis_projects.http.problems import (
    FormatUnsupported,
    NotFound,
    StorageFull,
    TooLarge,
    UploadChecksum,
    UploadOffset,
)
from gis_projects.write_turns import write_turn
from projects import evidence
from projects.evidence import NewPhoto, StoredPicture
from projects.models import (
    Inspection,
    OperationState,
    PhotoRole,
    PhotoState,
    PhotoUpload,
    Site,
)
from projects.sync import context
from projects.sync.context import Outcome, Work
from projects.sync.operation import Refused, as_time, is_sha256

_BLOCK = 256 * 1024
UNREADABLE, SITE_GONE = "unreadable", "site-gone"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def announce(work: Work) -> Outcome:
    """Expect the bytes of a photograph. Of a site that is gone too: evidence is never turned away."""
    op = work.op
    site_id = context.wanted_uuid(op, "site")
    digest, size = op.new("sha256"), op.new("size")
    if not is_sha256(digest) or type(size) is not int or size <= 0:
        raise context.value_invalid("sha256")
    if size > settings.PHOTO_MAX_BYTES:
        raise Refused(
            "too-large",
            _("The photograph has more than %(limit)s MB.")
            % {"limit": settings.PHOTO_MAX_BYTES // 1_000_000},
        )
    if PhotoUpload.objects.filter(pk=op.target).exists():
        raise Refused("id-taken", _("There is another photograph of this number already."))
    site = context.site_for_work(work.rights, site_id)
    PhotoUpload.objects.create(
        pk=op.target,
        operation=work.row,
        author=work.user,
        site=site_id,
        inspection=context.optional_uuid(op, "inspection"),
        sha256=digest,
        size_bytes=size,
        taken=_taken(work),
    )
    told = {"photo": str(op.target), "upload": "waiting"}
    return context.gone(told) if site is None else Outcome(OperationState.APPLIED, result=told)


def get_upload(user: User, photo_id: uuid.UUID) -> PhotoUpload:
    """Raises NotFound for somebody else's as for none."""
    found = PhotoUpload.objects.filter(pk=photo_id, author=user).first()
    if found is None:
        raise NotFound()
    return found


def offset(upload: PhotoUpload) -> int:
    """Bytes that are here."""
    if upload.state == PhotoState.VERIFIED:
        return upload.size_bytes
    try:
        return _part(upload).stat().st_size
    except FileNotFoundError:
        return 0


def append(upload: PhotoUpload, at: int, stream: Readable) -> int:
    """Add what the stream holds and, when nothing is missing any more, verify and keep it; the new offset.

    Raises UploadOffset when it stands elsewhere or somebody else is adding; UploadChecksum when what came is not what
    was announced, which then begins anew; StorageFull, after which it can go on.
    """
    if upload.state == PhotoState.VERIFIED:
        if at != upload.size_bytes:
            raise UploadOffset(offset=upload.size_bytes)
        return upload.size_bytes
    path = _part(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _room(), path.open("ab") as out:
        _lock(out, path)
        here = out.seek(0, os.SEEK_END)
        if here != at:
            raise UploadOffset(offset=here)
        while here < upload.size_bytes and (
            block := stream.read(min(_BLOCK, upload.size_bytes - here))
        ):
            out.write(block)
            here += len(block)
        out.flush()
        if here == upload.size_bytes:
            os.fsync(out.fileno())
            _finish(upload, path)
    return here


def _finish(upload: PhotoUpload, path: Path) -> None:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        path.unlink(missing_ok=True)
        raise UploadChecksum()
    stored = _stored(data)
    name = stored.original if stored else evidence.keep_original(data)
    with write_turn(), transaction.atomic(), audit.gathered():
        row = PhotoUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if row.state == PhotoState.WAITING:
            _keep(row, data, stored, name)
    path.unlink(missing_ok=True)


def _stored(data: bytes) -> StoredPicture | None:
    """None for what is no picture: the bytes are kept all the same."""
    try:
        return evidence.store_picture(data)
    except (FormatUnsupported, TooLarge):
        return None


def _keep(row: PhotoUpload, data: bytes, stored: StoredPicture | None, name: str) -> None:
    """From here on the bytes are ours: as evidence of the site, or else as a file that the office looks at."""
    sites = Site.objects.select_for_update(of=("self",)).select_related("programme")
    site = sites.filter(pk=row.site).first()
    if stored is None:
        row.code = UNREADABLE
    elif site is None:
        row.code = SITE_GONE
    else:
        visit, new = _visit(row), _new(row, data)
        row.photo = evidence.add_photo(site, new, by=row.author, inspection=visit, stored=stored)
    row.original = name
    row.state, row.verified_at = PhotoState.VERIFIED, timezone.now()
    row.save()
    if stored is None:
        operation = row.operation
        operation.state, operation.code = OperationState.CONFLICT, "photo-unreadable"
        operation.detail = _(
            "The file is here, byte for byte, but it is no picture that can be shown."
        )
        operation.save(update_fields=["state", "code", "detail"])


def _new(row: PhotoUpload, data: bytes) -> NewPhoto:
    taken: dict[str, Any] = row.taken
    return NewPhoto(
        data=data,
        role=taken["role"],
        taken_at=as_time(taken["taken_at"]),
        lon=taken["lon"],
        lat=taken["lat"],
        bearing_deg=taken["bearing_deg"],
        accuracy_m=taken["accuracy_m"],
        caption=taken["caption"],
        photo_id=row.pk,
        sketch_of=uuid.UUID(taken["sketch_of"]) if taken.get("sketch_of") else None,
    )


def _visit(row: PhotoUpload) -> Inspection | None:
    return (
        Inspection.objects.filter(pk=row.inspection, site=row.site).first()
        if row.inspection
        else None
    )


def _taken(work: Work) -> dict[str, Any]:
    op = work.op
    role = op.new("role", PhotoRole.DURING)
    if role not in PhotoRole.values:
        raise context.value_invalid("role")
    moment = as_time(op.new("taken_at"))
    sketch_of = context.optional_uuid(op, "sketch_of")
    return {
        "role": role,
        "taken_at": None
        if moment is None
        else context.corrected(moment, work.offset_s).isoformat(),
        "lon": context.number(op, "lon", -180, 180),
        "lat": context.number(op, "lat", -90, 90),
        "bearing_deg": context.number(op, "bearing_deg", 0, 360),
        "accuracy_m": context.number(op, "accuracy_m", 0, 1_000_000),
        "caption": context.text(op, "caption", 200),
        "sketch_of": None if sketch_of is None else str(sketch_of),
    }


def _part(upload: PhotoUpload) -> Path:
    return Path(settings.MEDIA_ROOT) / "parts" / f"{upload.pk}.part"


def _lock(out: Any, path: Path) -> None:
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise UploadOffset(offset=path.stat().st_size) from error
    if not path.exists():  # the one before us has just finished with it
        raise UploadOffset(offset=0)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull() from error
        raise
