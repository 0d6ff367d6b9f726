"""Files on their way in: created with their sizes, filled at the offset where they stand, verified at the end.

In the manner of tus 1.0 (https://tus.io/protocols/resumable-upload): the length of a file on the disk is its offset,
so there is nothing else to keep and nothing to disagree with it.
"""

import datetime as dt
import fcntl
import hashlib
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gis_projects.http.problems import (
    ImportBusy,
    NotFound,
    QuotaExceeded,
    RequestInvalid,
    TooLarge,
    UploadChecksum,
    UploadOffset,
)
from layers.importing.archive import MAIN_PARTS, Part
from projects.importing import jobs
from projects.importing.folder import JobFolder, uploads_root
from projects.models import ImportJob, JobKind, JobState
from projects.scenes.parts import is_picture

MAX_FILES = 60
_BLOCK = 256 * 1024
_DAY_S = 24 * 3600
# An upload that nobody continues, and one that nobody decides on.
_KEPT_DAYS = {JobState.UPLOADING: 1, JobState.READY: 7, JobState.CHECKED: 7, JobState.FAILED: 7}
_REPORT_DAYS = 90  # preview and row report of an import that is over
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class NewFile:
    """fingerprint: what the browser knows a file by when it is chosen again."""

    name: str
    size: int
    fingerprint: str = ""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def limit_bytes(kind: str) -> int:
    """What one upload may hold: pictures are large."""
    return settings.RASTER_MAX_BYTES if kind == JobKind.SCENE else settings.UPLOAD_MAX_BYTES


def create(
    user: User, files: Sequence[NewFile], address: str, kind: JobKind = JobKind.DATA
) -> ImportJob:
    """A job that waits for its files. kind: of a zip; a picture is one at whichever door it comes.

    Raises RequestInvalid, TooLarge, QuotaExceeded.
    """
    sweep()
    kind = JobKind.SCENE if _are_pictures(files) else kind
    if not 0 < len(files) <= MAX_FILES:
        raise RequestInvalid(_("Send from one to %(limit)s files.") % {"limit": MAX_FILES})
    total = sum(file.size for file in files)
    if total > limit_bytes(kind):
        limit = f"{limit_bytes(kind) >> 20} MB"
        raise TooLarge(
            _("The content is too large: at most %(limit)s can be read.") % {"limit": limit}
        )
    mine = ImportJob.objects.filter(owner=user, has_files=True)
    if (mine.aggregate(sum=Sum("size_bytes"))["sum"] or 0) + total > settings.UPLOAD_QUOTA_BYTES:
        raise QuotaExceeded(_("Finish or cancel one of your other imports first."))
    job = ImportJob.objects.create(
        owner=user,
        asker=user,
        kind=kind,
        address=address,
        title=_title(files),
        size_bytes=total,
        has_files=True,
        files=[
            {"name": _name(file.name), "size": file.size, "fingerprint": file.fingerprint[:300]}
            for file in files
        ],
    )
    folder = JobFolder(job.pk)
    folder.make()
    for number in range(len(files)):
        folder.part(number).touch()
    return job


def create_whole(
    user: User,
    files: Iterable["UploadedFile[bytes]"],
    address: str,
    kind: JobKind = JobKind.DATA,
) -> ImportJob:
    """A job whose files came with a plain form, and that is being read already."""
    given = list(files)
    job = create(user, [NewFile(str(one.name), one.size or 0) for one in given], address, kind)
    folder = JobFolder(job.pk)
    for number, one in enumerate(given):
        with folder.part(number).open("wb") as out:
            for chunk in one.chunks():
                out.write(chunk)
    jobs.begin(job, JobState.INSPECTING)
    return job


def offset(job: ImportJob, number: int) -> int:
    """Bytes of a file that are here. Raises NotFound when the job has no such file, or is past it."""
    if job.state != JobState.UPLOADING or not 0 <= number < len(job.files):
        raise NotFound()
    try:
        return JobFolder(job.pk).part(number).stat().st_size
    except OSError as error:
        raise NotFound() from error


def append(job: ImportJob, number: int, at: int, stream: Readable) -> int:
    """Add what the stream holds; the new offset. What arrived stays when the connection breaks.

    Raises UploadOffset when the file stands elsewhere than ``at``, or is being written to by another request.
    """
    wanted = offset(job, number)
    size: int = job.files[number]["size"]
    with JobFolder(job.pk).part(number).open("ab") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UploadOffset(offset=wanted) from error
        here = out.seek(0, 2)
        if here != at:
            raise UploadOffset(offset=here)
        while here < size and (block := stream.read(min(_BLOCK, size - here))):
            out.write(block)
            here += len(block)
    return here


def complete(job: ImportJob, digests: Sequence[str]) -> None:
    """Verify every file and have it read. digests: SHA-256 of each, in hexadecimal.

    Raises UploadOffset for a file that is not all here; UploadChecksum for one that is not what was sent, which then
    has to come again from its beginning.
    """
    if job.state != JobState.UPLOADING:
        raise ImportBusy()
    if len(digests) != len(job.files) or not all(map(_SHA256.fullmatch, digests)):
        raise RequestInvalid(_("A SHA-256 is wanted for each file."))
    folder = JobFolder(job.pk)
    for number, (file, digest) in enumerate(zip(job.files, digests, strict=True)):
        here = offset(job, number)
        if here != file["size"]:
            raise UploadOffset(offset=here, part=number)
        with folder.part(number).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                folder.part(number).write_bytes(b"")
                raise UploadChecksum(part=number)
    jobs.begin(job, JobState.INSPECTING)


def parts_of(job: ImportJob) -> list[Path | Part]:
    """The job's files under the names that they were sent with."""
    folder = JobFolder(job.pk)
    return [Part(file["name"], folder.part(at)) for at, file in enumerate(job.files)]


def sweep() -> None:
    """Forget what nobody came back for, and folders without a job."""
    now = timezone.now()
    for state, days in _KEPT_DAYS.items():
        old = ImportJob.objects.filter(
            state=state, has_files=True, changed_at__lt=now - dt.timedelta(days=days)
        )
        for job in old:
            if _last_written(job) < time.time() - days * _DAY_S:
                jobs.cancel(job)
    over = ImportJob.objects.filter(
        state__in=(JobState.STORED, JobState.UNDONE, JobState.CANCELLED),
        changed_at__lt=now - dt.timedelta(days=_REPORT_DAYS),
    )
    for job in over.only("pk"):
        JobFolder(job.pk).remove()
    for folder in uploads_root().glob("*"):
        is_old = folder.stat().st_mtime < time.time() - _DAY_S
        if is_old and not _has_job(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _are_pictures(files: Sequence[NewFile]) -> bool:
    """A picture may also lie beside a shapefile, to show what it looks like."""
    names = [file.name.lower() for file in files]
    return any(map(is_picture, names)) and not any(one.endswith(tuple(MAIN_PARTS)) for one in names)


def _has_job(name: str) -> bool:
    try:
        return ImportJob.objects.filter(pk=uuid.UUID(name)).exists()
    except ValueError:
        return False


def _last_written(job: ImportJob) -> float:
    return max((path.stat().st_mtime for path in JobFolder(job.pk).path.glob("*")), default=0.0)


def _title(files: Sequence[NewFile]) -> str:
    """The file that people would name: of loose parts the .shp or the picture."""
    names = [_name(file.name) for file in files]
    mains = [one for one in names if is_picture(one) or one.lower().endswith((".shp", ".zip"))]
    return (mains or names)[0][:200]


def _name(name: str) -> str:
    """What a person calls a file: no folders, no control characters."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(char for char in bare if char.isprintable())[:200] or "-"
