"""What maps are told of a site beside its geometry."""

from django.db.models import Exists, OuterRef, QuerySet

from projects.models import Photo, PhotoPair, ScenePair, Site

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


def with_pictures(rows: QuerySet[Site]) -> QuerySet[Site]:
    """has_photo, has_pair and has_scenes: what the public may see of it."""
    return rows.annotate(
        has_photo=Exists(Photo.objects.filter(site=OuterRef("pk"), published=True)),
        has_pair=Exists(PhotoPair.objects.filter(site=OuterRef("pk"))),
        has_scenes=Exists(
            ScenePair.objects.filter(
                site=OuterRef("pk"), before__published=True, after__published=True
            )
        ),
    )
