"""What a picture shows before it is converted: size, bands, CRS, and how it would lie on the map."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely.geometry import Polygon

from gis_projects.geo import measure
from gis_projects.geo.bbox import BBox, BBoxInvalid
from gis_projects.geo.crs import CRSInfo, TransformFailed, UnsupportedCRS
from layers.importing.archive import Part
from layers.importing.crs_guess import Decision
from layers.raster.glance import LaidOut, laid_out
from layers.raster.problems import SceneNote, SceneRefused
from layers.raster.remote import Header, look
from projects.scenes.bringing import city_bbox
from projects.scenes.parts import sorted_out
from projects.scenes.place import check_place, decide_crs, footprint


@dataclass(frozen=True)
class View:
    """The picture as it would lie in one CRS. footprint: EPSG:4326; picture: None where it cannot be drawn."""

    crs: CRSInfo
    footprint: Polygon
    picture: LaidOut | None

    def pixel_m(self, header: Header) -> float:
        """Metres on the ground to a pixel's side."""
        return math.sqrt(measure.area_m2(self.footprint) / (header.width * header.height))


@dataclass(frozen=True)
class Looked:
    """views: one in the CRS that is decided on, else one for each candidate; errors: why it cannot be stored so."""

    file: str
    header: Header
    decision: Decision
    views: list[View]
    errors: list[SceneNote] = field(default_factory=list)
    notes: list[SceneNote] = field(default_factory=list)

    @property
    def can_store(self) -> bool:
        return self.decision.crs is not None and not self.errors


def look_at(parts: Sequence[Part], chosen_crs: str, accepts_shift: bool) -> Looked:
    """Read the header and a coarse copy. Raises SceneRefused, and ImportRefused for a zip."""
    with sorted_out(parts) as sent:
        header = look(sent.upload, glance=True)
    stated = header.wkt or sent.prj
    name, city = sent.upload.name, city_bbox()
    decision = decide_crs(stated, header.bounds, city, chosen_crs, name, accepts_shift)
    chosen = [decision.crs] if decision.crs is not None else list(decision.candidates)
    views, errors = [], []
    for crs in chosen:
        try:
            view = _view(header, crs)
        except SceneRefused as refused:
            errors.append(refused.note)
        else:
            views.append(view)
            errors += _elsewhere(view, city)
    if decision.crs is None:  # a candidate that leads nowhere is no error of the picture
        errors = []
    return Looked(name, header, decision, views, errors, sent.notes)


def _view(header: Header, crs: CRSInfo) -> View:
    """Raises SceneRefused, NO_PLACE."""
    found = footprint(Polygon(header.outline), crs)
    if header.glance is None:
        return View(crs, found, None)
    size = (header.width, header.height)
    try:
        return View(crs, found, laid_out(header.glance, header.grid, size, crs.srid or crs.wkt))
    except (TransformFailed, UnsupportedCRS, BBoxInvalid):
        return View(crs, found, None)


def _elsewhere(view: View, city: BBox) -> list[SceneNote]:
    try:
        check_place(view.footprint, view.crs, city, None)
    except SceneRefused as refused:
        return [refused.note]
    return []
