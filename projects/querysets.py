"""Who sees and edits which site: decided here, in SQL, for every page, export, feed and search."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role, User

if TYPE_CHECKING:
    from projects.models.assignment import Assignment
    from projects.models.site import Site  # noqa: F401

Viewer = User | AnonymousUser


class SiteQuerySet(models.QuerySet["Site"]):
    def public(self) -> Self:
        """A site is public when its programme and it are published."""
        return self.filter(published=True, programme__published=True)

    def visible_to(self, user: Viewer) -> Self:
        """Administrators see all; planners and inspectors what is assigned to them, and what is public."""
        if not isinstance(user, User) or not user.is_active:
            return self.public()
        if user.is_administrator:
            return self
        public = Q(published=True, programme__published=True)
        return (
            self.filter(public | Q(Exists(_assignments(user)))) if not _works_on_all(user) else self
        )

    def editable_by(self, user: Viewer) -> Self:
        """Administrators edit all, the others what is assigned to them."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_administrator or _works_on_all(user):
            return self
        return self.filter(Exists(_assignments(user)))


def _works_on_all(user: User) -> bool:
    """A planner without any assignment works on the whole city."""
    return user.role == Role.PLANNER and not _own_assignments(user).exists()


def _own_assignments(user: User) -> "models.QuerySet[Assignment]":
    from projects.models.assignment import Assignment

    return Assignment.objects.filter(user=user)


def _assignments(user: User) -> "models.QuerySet[Assignment]":
    return _own_assignments(user).filter(
        Q(district__isnull=True) | Q(district=OuterRef("district")),
        Q(programme__isnull=True) | Q(programme=OuterRef("programme")),
    )
