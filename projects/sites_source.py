"""Sites and districts as feature sources: what the maps draw of the domain."""

from collections.abc import Hashable, Iterator

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from gis_projects.geo.bbox import BBox
from layers import sources
from layers.sources import JsonDict
from projects import filters, publication
from projects.models import District, Photo, PhotoPair, ScenePair, Site

# Property of the feature → column of the site.
PROPERTIES = {
    "code": "code",
    "name": "name",
    "name_en": "name_en",
    "programme": "programme__key",
    "state": "state__key",
    "phase": "state__phase",
    "search": "search_text",
    "progress": "progress",
    "district": "district__code",
    "length_m": "length_m",
    "area_m2": "area_m2",
    "has_photo": "has_photo",
    "has_pair": "has_pair",
    "has_scenes": "has_scenes",
}


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
            # SpatiaLite takes a missing geometry for one that overlaps everything.
            inside = {
                f"{column}__isnull": False,
                f"{column}__bboverlaps": sources.bbox_polygon(bbox),
            }
            rows = rows.filter(**inside)
        rows = rows.annotate(
            has_photo=Exists(Photo.objects.filter(site=OuterRef("pk"), published=True)),
            has_pair=Exists(PhotoPair.objects.filter(site=OuterRef("pk"))),
            has_scenes=Exists(
                ScenePair.objects.filter(
                    site=OuterRef("pk"), before__published=True, after__published=True
                )
            ),
        )
        rows = rows.order_by("programme__order", "code")
        found = rows.values_list("pk", *PROPERTIES.values(), sources.geojson_of(column))
        for pk, *values, geometry in found:
            properties = dict(zip(PROPERTIES, values, strict=True))
            yield sources.feature(str(pk), geometry, properties)


class DistrictsSource:
    """County-level units; whether their borders are schematic goes with each."""

    parameters: frozenset[str] = frozenset()

    def version(self, request: HttpRequest) -> Hashable:
        return publication.revision()

    def features(self, request: HttpRequest, bbox: BBox | None) -> Iterator[JsonDict]:
        rows = District.objects.filter(geom__isnull=False)
        if bbox is not None:
            rows = rows.filter(geom__bboverlaps=sources.bbox_polygon(bbox))
        found = rows.values_list(
            "code", "name", "name_en", "is_schematic", sources.geojson_of("geom")
        )
        for code, name, name_en, is_schematic, geometry in found:
            properties = {"name": name, "name_en": name_en, "is_schematic": is_schematic}
            yield sources.feature(code, geometry, properties)


_SITES = SitesSource()
_DISTRICTS = DistrictsSource()
