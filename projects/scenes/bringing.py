"""From the files that were sent to a scene that is stored: everything or nothing."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import Polygon as GeosPolygon
from django.db import transaction
from shapely.geometry import Polygon

from accounts.models import User
from gis_projects.geo.bbox import BBox
from gis_projects.geo.crs import CRSInfo
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused, Problem
from layers.models import RasterScene
from layers.raster.problems import SceneCode, SceneNote
from layers.raster.remote import look, make
from projects.models import City, Site
from projects.scenes import record
from projects.scenes.parts import Sent, sorted_out
from projects.scenes.place import check_place, decide_crs, footprint
from projects.scenes.record import Place

Tell = Callable[[float], None]
Stored = Callable[[RasterScene], None]


@dataclass(frozen=True)
class NewScene:
    """What a person says of a picture. crs: empty for what the file states; accepts_shift: see place.decide_crs.

    band_roles: what each band is (layers.band_roles), None for not known.
    """

    name: str
    acquired_on: dt.date
    sensor: str = ""
    crs: str = ""
    place: Place | None = None
    published: bool = False
    lossless: bool = False
    accepts_shift: bool = False
    band_roles: list[str] | None = None


@dataclass(frozen=True)
class Brought:
    """The stored scene, and what is worth knowing: each note gives a ``sentence``."""

    scene: RasterScene
    notes: list[SceneNote | Problem]


def _silent(_anything: object) -> None:
    """Nobody wants to know."""


def bring_in(
    parts: Sequence[Part],
    new: NewScene,
    *,
    by: User | None,
    tell: Tell = _silent,
    stored: Stored = _silent,
) -> Brought:
    """Convert and store a picture with its world file, loose or in a zip.

    tell: is given the share that is done. stored: the last call, in the transaction that stores the scene; may raise
    to undo everything. Raises layers.raster.problems.SceneRefused, layers.importing.problems.ImportRefused for the CRS
    and for the zip, and SceneRoleTaken; nothing is stored then.
    """
    record.check_free(new.place)
    with sorted_out(parts) as sent:
        return _brought(sent, new, by, tell, stored)


def _brought(sent: Sent, new: NewScene, by: User | None, tell: Tell, stored: Stored) -> Brought:
    crs, said = _crs(sent, new)
    scene_id = uuid.uuid4()
    name = f"scenes/{scene_id}.tif"
    target = Path(settings.MEDIA_ROOT) / name
    try:
        made = make(sent.upload, target, crs.wkt, lossless=new.lossless, tell=tell)
        found = footprint(Polygon(made.outline), crs)
        scene = RasterScene(
            id=scene_id,
            key=str(scene_id),
            name=new.name,
            file=name,
            acquired_on=new.acquired_on,
            sensor=new.sensor,
            footprint=GeosPolygon(list(found.exterior.coords), srid=4326),
            source_crs=crs.label[:80],
            datum_accepted=crs.null_datum,
            width_px=made.width,
            height_px=made.height,
            published=new.published,
            band_roles=new.band_roles,
        )
        with transaction.atomic():
            record.add(scene, new.place, _sha256(sent.upload.path), by=by)
            stored(scene)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    notes: list[SceneNote | Problem] = [*said, *sent.notes]
    if made.nodata_share == 1:
        notes.append(SceneNote(SceneCode.IMAGE_EMPTY))
    return Brought(scene, notes)


def _crs(sent: Sent, new: NewScene) -> tuple[CRSInfo, list[Problem]]:
    """The CRS and what is to be said of it; refused before anything is converted when it lies elsewhere."""
    header = look(sent.upload)
    stated = header.wkt or sent.prj
    city, site = city_bbox(), _site(new)
    decision = decide_crs(stated, header.bounds, city, new.crs, sent.upload.name, new.accepts_shift)
    if decision.crs is None:
        raise ImportRefused(*decision.problems)
    check_place(footprint(Polygon(header.outline), decision.crs), decision.crs, city, site)
    return decision.crs, list(decision.problems)


def _site(new: NewScene) -> Site | None:
    return None if new.place is None else new.place.site


def city_bbox() -> BBox:
    """The city's, or the world's while there is none."""
    city = City.objects.first()
    return city.bbox if city is not None else BBox(-180, -90, 180, 90)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
