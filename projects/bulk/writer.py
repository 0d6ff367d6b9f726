"""New sites in batches: what projects.editing.create_site does for one, done for columns of them."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from gis_projects.columns import Column, Same, made
from layers import bulk
from projects import publication, workflow
from projects.bulk import check, derive, entries
from projects.bulk.columns import SiteColumns
from projects.bulk.ids import ordered_ids
from projects.bulk.overlaps import Overlaps
from projects.editing import SiteDraft
from projects.models import District, Programme, Site, Transition

BATCH = 2_000
_POLYGONS, _LINES = (3, 6), (1, 5)
# What a draft gives, in the database's own form once prepared: of dates, money and truth few values differ.
_PLAIN = ("code", "name", "name_en", "address", "source_crs", "progress")
_PREPARED = ("planned_start", "planned_end", "actual_start", "actual_end", "investment")
_FLAGS = ("published", "is_demonstration")
_DERIVED = ("search_text", "attributes", "district", "geom", "source_geom")
_MEASURED = ("public_geom", "length_m", "area_m2")
_SAME = ("programme", "state", "has_overlap", "revision", "created_at", "updated_at")
_COLUMNS = ("id", *_PLAIN, *_PREPARED, *_FLAGS, *_DERIVED, *_MEASURED, *_SAME)


@transaction.atomic
@audit.gathered()
def create_sites(
    programme: Programme, drafts: Iterable[SiteDraft], *, by: User | None, on: dt.date
) -> int:
    """Register many sites in their workflow's initial state, all or none; how many there were.

    Raises GeometryInvalid, AttributesInvalid, and IntegrityError for a code that is there already.
    """
    writer = NewSites(programme, by=by, on=on)
    remaining = iter(drafts)
    count = 0
    while batch := list(islice(remaining, BATCH)):
        writer.add(SiteColumns.of(batch))
        count += len(batch)
    writer.finish()
    return count


class NewSites:
    """Writes batches of new sites into one programme, inside the caller's transaction; ``finish`` ends it.

    Memory holds one batch, and of all polygons what ``Overlaps`` keeps.
    """

    def __init__(
        self, programme: Programme, *, by: User | None, on: dt.date, are_checked: bool = False
    ) -> None:
        """are_checked: whoever calls has checked each draft's attributes, and its geometry as editing does."""
        self._programme = programme
        self._state = workflow.initial_state(programme)
        self._by, self._on = by, on
        self._are_checked = are_checked
        self._attributes = check.AttributeCheck(programme.attribute_schema)
        self._now = timezone.now()
        self._overlaps = Overlaps(programme)
        self._prepare = {
            name: bulk.preparer(Site, name)
            for name in (*_PREPARED, *_FLAGS, "created_at", "updated_at", "has_overlap")
        }
        self._is_public = False

    def add(self, new: SiteColumns) -> list[uuid.UUID]:
        """Check and write one batch; the sites' ids, in their order.

        Raises GeometryInvalid, AttributesInvalid, django.db.IntegrityError.
        """
        if not len(new):
            return []
        geoms = self._checked(new)
        ids = ordered_ids(len(new))
        kept = bulk.stored_ids(ids)
        columns = [kept, *self._given(new), *self._derived(new, geoms), *self._same()]
        bulk.insert(Site, dict(zip(_COLUMNS, columns, strict=True)))
        self._record(kept)
        entries.sites_created(self._programme, self._state, ids, new, geoms, by=self._by)
        are_polygons = np.isin(shapely.get_type_id(geoms), _POLYGONS)
        places = np.flatnonzero(are_polygons).tolist()
        self._overlaps.add([ids[at] for at in places], geoms[are_polygons])
        if self._programme.published:
            self._is_public |= any(new.values("published"))
        return ids

    def _checked(self, new: SiteColumns) -> np.ndarray:
        if self._are_checked:
            flat = shapely.force_2d(new.geoms) if shapely.has_z(new.geoms).any() else new.geoms
            return np.asarray(flat)
        for values in new.each_attributes():
            self._attributes.check(values)
        return check.check_geometries(self._programme, new.geoms)

    def finish(self) -> None:
        """Mark what overlaps; tell the public once that there is something new."""
        self._overlaps.write()
        if self._is_public:
            publication.bump_revision()

    def _given(self, new: SiteColumns) -> list[Column]:
        plain = [new.plain[name] for name in _PLAIN]
        return plain + [
            made(self._prepare[name], new.plain[name]) for name in (*_PREPARED, *_FLAGS)
        ]

    def _derived(self, new: SiteColumns, geoms: np.ndarray) -> list[Column]:
        """geoms: the new sites', in two dimensions."""
        words = map(derive.search_text_of, *map(new.values, ("code", "name", "name_en")))
        public = derive.public_geometries(geoms, self._programme.precision)
        stored = bulk.geometries(geoms)
        return [
            list(words),
            new.attribute_texts(),
            made(_number, new.plain["district"]),
            stored,
            bulk.raised(new.geoms),
            stored if public is geoms else bulk.geometries(public),
            _measured(geoms, _LINES, derive.lengths_m),
            _measured(geoms, _POLYGONS, derive.areas_m2),
        ]

    def _same(self) -> list[Same]:
        now = self._prepare["created_at"](self._now)
        no = self._prepare["has_overlap"](False)
        return list(map(Same, (self._programme.pk, self._state.pk, no, 1, now, now)))

    def _record(self, kept: list[Any]) -> None:
        """The first entry of each site's log."""
        now = self._prepare["created_at"](self._now)
        by = None if self._by is None else self._by.pk
        bulk.insert(
            Transition,
            {
                "site": kept,
                "to_state": Same(self._state.pk),
                "on": Same(bulk.preparer(Transition, "on")(self._on)),
                "by": Same(by),
                "note": Same(""),
                "recorded_at": Same(now),
            },
        )


def _number(district: District | None) -> int | None:
    return None if district is None else district.pk


def _measured(
    geoms: np.ndarray, types: tuple[int, int], figure: Callable[[np.ndarray], list[float]]
) -> list[float | None]:
    """The figure of the geometries of these types; None of the others."""
    found: list[float | None] = [None] * len(geoms)
    places = np.flatnonzero(np.isin(shapely.get_type_id(geoms), types))
    for at, value in zip(places.tolist(), figure(geoms[places]), strict=True):
        found[at] = value
    return found
