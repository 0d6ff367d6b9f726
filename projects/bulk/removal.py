"""Many sites at once, gone: what an undone import had made. Entries, overlaps and publication are kept true."""

import uuid
from collections.abc import Callable, Sequence

import shapely

from accounts.models import User
from projects import editing, publication, trail
from projects.models import Programme, Site

_IDS = 500  # SQLite before 3.32 takes 999 parameters


def remove_sites(
    programme: Programme,
    ids: Sequence[uuid.UUID],
    *,
    by: User | None,
    progress: Callable[[int], None],
) -> None:
    """Remove sites that have no evidence, inside the caller's transaction. progress: told how many are gone.

    Raises django.db.models.ProtectedError for a site with an inspection or a photograph.
    """
    boxes: list[shapely.Polygon] = []
    was_public = False
    for start in range(0, len(ids), _IDS):
        some = ids[start : start + _IDS]
        rows = Site.objects.filter(pk__in=some, programme=programme)
        sites = list(rows.select_related("programme", "state", "district").defer("district__geom"))
        trail.sites_removed(sites, by=by)
        was_public |= any(publication.is_public(site) for site in sites)
        polygons = [editing.to_shapely(site.geom) for site in sites if site.area_m2 is not None]
        boxes += [shapely.box(*polygon.bounds) for polygon in polygons]
        rows.delete()
        progress(start + len(some))
    _refresh_overlaps(programme, boxes)
    if was_public:
        publication.bump_revision()


def _refresh_overlaps(programme: Programme, gone: Sequence[shapely.Polygon]) -> None:
    """Of the sites that stay and are marked, those near one that has gone are looked at again."""
    if not gone:
        return
    tree = shapely.STRtree(gone)
    marked = Site.objects.filter(programme=programme, has_overlap=True, area_m2__isnull=False)
    near = [
        site
        for site in marked.only("pk", "geom", "has_overlap", "programme").iterator(_IDS)
        if len(tree.query(editing.to_shapely(site.geom)))
    ]
    for site in near:
        editing.refresh_overlap(site)
