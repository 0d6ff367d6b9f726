"""Fetch and check in one call: what may not be seen and what does not exist are the same 404."""

import uuid

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gis_projects.http.problems import NotAllowed, NotFound, NotSignedIn
from layers.models import RasterScene
from layers.querysets import SceneQuerySet
from projects.models import Photo, ScenePair, Site
from projects.querysets import SiteQuerySet, Viewer, WorkArea


def require_staff(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotSignedIn()
    return request.user


def require_planner(request: HttpRequest) -> User:
    user = require_staff(request)
    if not user.is_planner:
        raise NotAllowed()
    return user


def works_on_the_whole_city(user: User) -> bool:
    """Administrators and planners without an assignment: what is the whole city's, such as a layer, is theirs."""
    return user.is_planner and WorkArea(user).is_everywhere


def require_whole_city(user: User | None) -> None:
    """Raises NotAllowed for who is held to districts or programmes. None is the system itself."""
    if user is not None and not works_on_the_whole_city(user):
        raise NotAllowed(
            _(
                "Reference layers are the whole city’s. Planners who work on all of it bring them in."
            )
        )


def get_site_for_view(user: Viewer, site_id: uuid.UUID) -> Site:
    return _found(Site.objects.visible_to(user), site_id)


def get_site_for_edit(user: Viewer, site_id: uuid.UUID) -> Site:
    return _found(Site.objects.editable_by(user), site_id)


def _found(rows: SiteQuerySet, site_id: uuid.UUID) -> Site:
    site = rows.select_related("programme", "district", "state").filter(pk=site_id).first()
    if site is None:
        raise NotFound()
    return site


def scene_rule(user: Viewer) -> Q:
    """A scene that shows a site is seen by whoever sees that site; one that shows none, by everybody it is for."""
    pairs = ScenePair.objects.filter(Q(before=OuterRef("pk")) | Q(after=OuterRef("pk")))
    seen = pairs.filter(site__in=Site.objects.visible_to(user))
    return Q(~Exists(pairs)) | Q(Exists(seen))


def scenes_editable_by(user: User) -> SceneQuerySet:
    """Scenes of the sites that a planner may edit, and those that show no site."""
    if not user.is_planner:
        return RasterScene.objects.none()
    pairs = ScenePair.objects.filter(Q(before=OuterRef("pk")) | Q(after=OuterRef("pk")))
    foreign = pairs.exclude(site__in=Site.objects.editable_by(user))
    return RasterScene.objects.filter(~Exists(foreign))


def get_scene_for_edit(user: User, scene_id: uuid.UUID) -> RasterScene:
    scene = scenes_editable_by(user).filter(pk=scene_id).first()
    if scene is None:
        raise NotFound()
    return scene


def get_photo(user: Viewer, photo_id: uuid.UUID, variant: str) -> Photo:
    """Originals are for those who may edit the site; the display copy goes with the published site."""
    photos = Photo.objects.filter(pk=photo_id)
    if variant == "original":
        photos = photos.filter(site__in=Site.objects.editable_by(user))
    else:
        photos = photos.filter(site__in=Site.objects.visible_to(user))
        if not isinstance(user, User):
            photos = photos.filter(published=True)
    photo = photos.first()
    if photo is None:
        raise NotFound()
    return photo
