"""Inspections and photographs: evidence that is added and never changed.

An original is kept byte for byte for the staff. What anybody sees is a re-encoded copy without EXIF.
"""

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from gis_projects.http.problems import FormatUnsupported, ReadingUnavailable, TooLarge
from layers.pictures.reading import (
    Picture,
    PictureRefused,
    PictureUnread,
    TooManyPixels,
    read_picture,
)
from projects import assigning, publication, trail
from projects.models import Inspection, Photo, PhotoPair, PhotoRole, Site

DISPLAY_MAX_PX = 1600


@dataclass(frozen=True)
class NewPhoto:
    """A photograph as it was sent. lon, lat in degrees, EPSG:4326; bearing in degrees from north.

    photo_id: the number that the device gave it; None makes one here. sketch_of: the photograph that this is a marked
    copy of; such a copy is for the staff only.
    """

    data: bytes
    role: str
    taken_at: dt.datetime | None = None
    lon: float | None = None
    lat: float | None = None
    bearing_deg: float | None = None
    accuracy_m: float | None = None
    caption: str = ""
    is_simulated: bool = False
    photo_id: uuid.UUID | None = None
    sketch_of: uuid.UUID | None = None


@dataclass(frozen=True)
class StoredPicture:
    """Files that are in place before any row says so: names below the media folder, and what was read of them."""

    digest: str
    original: str
    display: str
    picture: Picture


@transaction.atomic
@audit.gathered()
def add_inspection(
    site: Site,
    *,
    by: User | None,
    at: dt.datetime,
    note: str = "",
    progress: int | None = None,
    photos: Iterable[NewPhoto] = (),
    inspection_id: uuid.UUID | None = None,
    position: Point | None = None,
    accuracy_m: float | None = None,
    details: Mapping[str, Any] | None = None,
    moves_site: bool = True,
) -> Inspection:
    """Record a visit with its photographs; the same id again gives the same inspection.

    position: EPSG:4326 lon/lat. details: how the position was had, and whatever else the device tells.
    moves_site: the site takes the progress over. Raises FormatUnsupported and TooLarge for a photograph that cannot be
    taken; then nothing is stored.
    """
    if inspection_id is not None:
        existing = Inspection.objects.filter(pk=inspection_id, site=site).first()
        if existing is not None:
            return existing
    inspection = Inspection.objects.create(
        id=inspection_id or uuid.uuid4(),
        site=site,
        inspector=by,
        inspected_at=at,
        note=note,
        progress=progress,
        position=position,
        accuracy_m=accuracy_m,
        details=dict(details or {}),
    )
    for photo in photos:
        add_photo(site, photo, by=by, inspection=inspection)
    former_progress = site.progress
    if moves_site and progress is not None and progress != site.progress:
        Site.objects.filter(pk=site.pk).update(
            progress=progress, revision=site.revision + 1, updated_at=timezone.now()
        )
        site.refresh_from_db(fields=["progress", "revision"])
    publication.announce(site)
    trail.site_inspected(site, inspection, former_progress, by=by)
    assigning.answer(site, inspection)
    return inspection


def store_picture(data: bytes) -> StoredPicture:
    """Read a photograph and put its files in place. It takes a while: not to be done while a database waits.

    Raises FormatUnsupported and TooLarge.
    """
    digest = hashlib.sha256(data).hexdigest()
    picture = _read(data)
    original = _original_name(digest, picture.extension)
    display = f"photos/display/{digest[:2]}/{digest}.webp"
    _write(original, data)
    _write(display, picture.display)
    _write(thumb_name(display), picture.thumb)
    return StoredPicture(digest, original, display, picture)


def thumb_name(display: str) -> str:
    """Where the small copy lies, beside the one for showing. Photographs of before there were small ones have none."""
    return display.replace("photos/display/", "photos/thumb/", 1)


def keep_original(data: bytes) -> str:
    """Put bytes in place that are no evidence of any site yet, or no picture; their name below the media folder."""
    name = _original_name(hashlib.sha256(data).hexdigest(), "bin")
    _write(name, data)
    return name


@transaction.atomic
def add_photo(
    site: Site,
    new: NewPhoto,
    *,
    by: User | None,
    inspection: Inspection | None = None,
    stored: StoredPicture | None = None,
) -> Photo:
    """Store a photograph once: the same bytes for the same site give the row that is there already.

    stored: what ``store_picture`` made of the same bytes before. Raises FormatUnsupported and TooLarge.
    """
    digest = stored.digest if stored else hashlib.sha256(new.data).hexdigest()
    existing = Photo.objects.filter(site=site, sha256=digest).first()
    if existing is not None:
        return existing
    stored = stored or store_picture(new.data)
    picture = stored.picture
    position = None if new.lon is None or new.lat is None else Point(new.lon, new.lat, srid=4326)
    photo = Photo.objects.create(
        id=new.photo_id or uuid.uuid4(),
        site=site,
        inspection=inspection,
        role=new.role,
        original=stored.original,
        display=stored.display,
        sha256=digest,
        size_bytes=len(new.data),
        width_px=picture.width_px,
        height_px=picture.height_px,
        taken_at=new.taken_at or _by_its_clock(picture),
        position=position,
        bearing_deg=new.bearing_deg,
        accuracy_m=new.accuracy_m,
        caption=new.caption,
        is_simulated=new.is_simulated,
        sketch_of=new.sketch_of,
        published=new.sketch_of is None,
        uploaded_by=by,
    )
    publication.announce(site)
    trail.photo_added(site, photo, by=by)
    return photo


def pair_photos(site: Site) -> None:
    """Put the first before beside the last after, once there are both."""
    before = site.photos.filter(role=PhotoRole.BEFORE).first()
    after = site.photos.filter(role=PhotoRole.AFTER).last()
    if before is not None and after is not None:
        PhotoPair.objects.get_or_create(site=site, before=before, after=after)


def _read(data: bytes) -> Picture:
    if len(data) > settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES // 1_000_000
        raise TooLarge(_("The photograph has more than %(limit)s MB.") % {"limit": limit})
    try:
        return read_picture(data, max_pixels=settings.PHOTO_MAX_PIXELS, display_px=DISPLAY_MAX_PX)
    except TooManyPixels as error:
        raise TooLarge(_("The photograph has too many pixels.")) from error
    except PictureUnread as error:
        raise ReadingUnavailable(
            _("The photograph could not be looked at. Send it again in a minute.")
        ) from error
    except PictureRefused as error:
        raise FormatUnsupported(
            _("This is not a photograph that can be read (JPEG, PNG or WebP).")
        ) from error


def _by_its_clock(picture: Picture) -> dt.datetime | None:
    return None if picture.taken_at is None else timezone.make_aware(picture.taken_at)


def _original_name(digest: str, extension: str) -> str:
    return f"photos/original/{digest[:2]}/{digest}.{extension}"


def _write(name: str, data: bytes) -> None:
    """Whole or not at all, and on the disk when it returns: a row that names the file is never ahead of it."""
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
