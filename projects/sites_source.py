"""Sites and districts as feature sources: what the maps draw of the domain."""

import uuid
from collections.abc import Hashable, Iterator

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from gis_projects.geo.bbox import BBox
from layers import sources
from layers.boxes import touching
from layers.querysets import Viewer
from layers.sources import JsonDict
from projects import filters, publication
from projects.models import District, Site
from projects.site_properties import PROPERTIES, with_pictures
from projects.site_tiles import DistrictTiles, SiteTiles


def register() -> None:
    """Called once, when the application is ready."""
    sources.register("sites", _SITES)
    sources.register("districts", _DISTRICTS)


class SitesSource:
    """The public sees public geometry of public sites; staff see what is theirs, as it was surveyed."""

    parameters = filters.PARAMETERS

    def version(self, request: HttpRequest) -> Hashable:
        """The public's answers are versions of the publication; staff see more than it tells of."""
        return timezone.now() if request.user.is_authenticated else publication.revision()

    def features(self, request: HttpRequest, bbox: BBox | None) -> Iterator[JsonDict]:
        rows = filters.filtered(request, Site.objects.visible_to(request.user))
        column = "geom" if request.user.is_authenticated else "public_geom"
        if bbox is not None:
            rows = touching(rows, column, bbox)
        return _made(with_pictures(rows).order_by("programme__order", "code"), column)

    def feature(self, viewer: Viewer, identifier: str) -> JsonDict | None:
        try:
            pk = uuid.UUID(identifier)
        except ValueError:
            return None
        column = "geom" if viewer.is_authenticated else "public_geom"
        rows = with_pictures(Site.objects.visible_to(viewer).filter(pk=pk))
        return next(_made(rows, column), None)

    def tile_set(self, viewer: Viewer) -> SiteTiles:
        return SiteTiles(viewer, publication.revision())


class DistrictsSource:
    """County-level units; whether their borders are schematic goes with each."""

    parameters: frozenset[str] = frozenset()

    def version(self, request: HttpRequest) -> Hashable:
        return publication.revision()

    def features(self, request: HttpRequest, bbox: BBox | None) -> Iterator[JsonDict]:
        rows = District.objects.filter(geom__isnull=False)
        if bbox is not None:
            rows = touching(rows, "geom", bbox)
        return self._made(rows)

    def feature(self, viewer: Viewer, identifier: str) -> JsonDict | None:
        rows = District.objects.filter(geom__isnull=False, code=identifier)
        return next(self._made(rows), None)

    def tile_set(self, viewer: Viewer) -> DistrictTiles:
        return DistrictTiles(publication.revision())

    def _made(self, rows: QuerySet[District]) -> Iterator[JsonDict]:
        found = rows.values_list(
            "code", "name", "name_en", "is_schematic", sources.geojson_of("geom")
        )
        for code, name, name_en, is_schematic, geometry in found:
            properties = {"name": name, "name_en": name_en, "is_schematic": is_schematic}
            yield sources.feature(code, geometry, properties)


def _made(rows: QuerySet[Site], column: str) -> Iterator[JsonDict]:
    found = rows.values_list("pk", *PROPERTIES.values(), sources.geojson_of(column))
    for pk, *values, geometry in found:
        properties = dict(zip(PROPERTIES, values, strict=True))
        yield sources.feature(str(pk), geometry, properties)


_SITES = SitesSource()
_DISTRICTS = DistrictsSource()
