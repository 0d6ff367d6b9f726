"""From the files that were sent to a scene that is stored: everything or nothing."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import Polygon as GeosPolygon
from shapely.geometry import Polygon

from accounts.models import User
from gis_projects.geo.bbox import BBox
from layers.importing.archive import Part
from layers.importing.problems import Problem
from layers.models import RasterScene
from layers.raster.problems import SceneCode, SceneNote
from layers.raster.remote import look, make
from projects.models import City
from projects.scenes import record
from projects.scenes.parts import sort_out
from projects.scenes.place import check_place, decide_crs, footprint, outline_of
from projects.scenes.record import Place

Tell = Callable[[float], None]


@dataclass(frozen=True)
class NewScene:
    """What a person says of a picture. crs: empty for what the file states; accepts_shift: see place.decide_crs."""

    name: str
    acquired_on: dt.date
    sensor: str = ""
    crs: str = ""
    place: Place | None = None
    published: bool = False
    lossless: bool = False
    accepts_shift: bool = False


@dataclass(frozen=True)
class Brought:
    """The stored scene, and what is worth knowing: each note gives a ``sentence``."""

    scene: RasterScene
    notes: list[SceneNote | Problem]


def _silent(_share: float) -> None:
    """Nobody wants to know."""


def bring_in(
    parts: Sequence[Part], new: NewScene, *, by: User | None, tell: Tell = _silent
) -> Brought:
    """Convert and store a picture with its world file.

    tell: is given the share that is done. Raises layers.raster.problems.SceneRefused,
    layers.importing.problems.ImportRefused for the CRS, and SceneRoleTaken; nothing is stored then.
    """
    record.check_free(new.place)
    sent = sort_out(parts)
    header = look(sent.upload)
    crs, said = decide_crs(
        header.wkt or sent.prj, header.bounds, _city(), new.crs, sent.upload.name, new.accepts_shift
    )
    site = None if new.place is None else new.place.site
    check_place(footprint(outline_of(header.bounds), crs), crs, _city(), site)
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
            width_px=made.width,
            height_px=made.height,
            published=new.published,
        )
        record.add(scene, new.place, _sha256(sent.upload.path), by=by)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    notes: list[SceneNote | Problem] = [*said, *sent.notes]
    if made.nodata_share == 1:
        notes.append(SceneNote(SceneCode.IMAGE_EMPTY))
    return Brought(scene, notes)


def _city() -> BBox:
    city = City.objects.first()
    return city.bbox if city is not None else BBox(-180, -90, 180, 90)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
