"""The writers of scenes: each change with its audit entry, its place beside a site, and the public revision."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from gis_projects.http.problems import SceneRoleTaken
from layers.models import RasterScene
from projects import publication
from projects.models import ScenePair, Site

SCENE = "scene"
ROLES = ("before", "after")
_AUDITED = (
    *("name", "sensor", "source_crs", "datum_accepted"),
    *("width_px", "height_px", "published", "file"),
)


@dataclass(frozen=True)
class Place:
    """Beside which site a scene stands, and on which side. replace: what stands there already may go."""

    site: Site
    role: str
    replace: bool = False


def check_free(place: Place | None) -> None:
    """Raises SceneRoleTaken when another scene stands there and may not be replaced."""
    if place is not None and not place.replace and _standing(place) is not None:
        raise SceneRoleTaken(
            _("The site has a scene in this role already. Tick “replace” to remove that one.")
        )


@transaction.atomic
@audit.gathered()
def add(scene: RasterScene, place: Place | None, sha256: str, *, by: User | None) -> RasterScene:
    """Store a new scene, whose file is there. sha256: of the picture as it was sent. Raises SceneRoleTaken."""
    scene.save(force_insert=True)
    _record(Action.CREATED, scene, audit.created(_values(scene, place) | {"sha256": sha256}), by)
    if place is not None:
        check_free(place)
        former = _standing(place)
        if former is not None:
            _announce(former)
        _stand(scene, place)
        if former is not None:
            _remove(former, by)
    _announce(scene)
    return scene


@transaction.atomic
@audit.gathered()
def change(scene: RasterScene, values: dict[str, Any], *, by: User | None) -> None:
    """Change name, date, sensor, the meaning of bands or the publication of a scene."""
    former = _values(scene, None)
    was_public = scene.published
    for name, value in values.items():
        setattr(scene, name, value)
    scene.save(update_fields=list(values))
    changes = audit.difference(former, _values(scene, None))
    if changes:
        _record(Action.UPDATED, scene, changes, by)
        _announce(scene, was_public=was_public)


@transaction.atomic
@audit.gathered()
def remove(scene: RasterScene, *, by: User | None) -> None:
    """Take a scene and its file away for good; its site keeps the other side."""
    _announce(scene)
    _remove(scene, by)


def places_of(scene: RasterScene) -> list[Place]:
    """Beside which sites the scene stands, and in which role."""
    pairs = ScenePair.objects.filter(Q(before=scene) | Q(after=scene)).select_related(
        "site__programme"
    )
    return [
        Place(pair.site, role)
        for pair in pairs
        for role in ROLES
        if getattr(pair, f"{role}_id") == scene.pk
    ]


def _remove(scene: RasterScene, by: User | None) -> None:
    values = _values(scene, None)
    _record(Action.REMOVED, scene, {name: (old, None) for name, old in values.items()}, by)
    path = Path(settings.MEDIA_ROOT) / scene.file
    scene.delete()
    ScenePair.objects.filter(before=None, after=None).delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _standing(place: Place) -> RasterScene | None:
    pair = place.site.scene_pairs.order_by("pk").first()
    return None if pair is None else getattr(pair, place.role)


def _stand(scene: RasterScene, place: Place) -> None:
    pair = place.site.scene_pairs.order_by("pk").first() or ScenePair(site=place.site)
    setattr(pair, place.role, scene)
    pair.save()


def _announce(scene: RasterScene, *, was_public: bool = False) -> None:
    """Only what the public can see, or could, moves what it is told."""
    if not (scene.published or was_public):
        return
    sites = [place.site for place in places_of(scene)]
    if not sites or any(publication.is_public(site) for site in sites):
        publication.bump_revision()


def _record(action: Action, scene: RasterScene, changes: Any, by: User | None) -> None:
    audit.record(Event(action, SCENE, str(scene.pk), scene.name, changes, by))


def _values(scene: RasterScene, place: Place | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(scene, name) for name in _AUDITED}
    values["acquired_on"] = _day(scene.acquired_on)
    values["band_roles"] = ",".join(scene.band_roles or [])
    return values | ({} if place is None else {"site": place.site.code, "role": place.role})


def _day(value: dt.date) -> str:
    return value.isoformat()
