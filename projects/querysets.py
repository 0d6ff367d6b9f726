"""Who sees and edits which site: decided here, in SQL, for every page, export, feed and search."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role, User

if TYPE_CHECKING:
    from projects.models.assignment import Assignment, AssignmentQuerySet
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
        if user.is_administrator or _works_on_all(user):
            return self
        return self.filter(Q(published=True, programme__published=True) | _assigned(user))

    def editable_by(self, user: Viewer) -> Self:
        """Administrators edit all, the others what is assigned to them."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.is_administrator or _works_on_all(user):
            return self
        return self.filter(_assigned(user))

    def within_area_of(self, user: User) -> Self:
        """Those of the districts and programmes that are his, without single sites that he is asked to visit."""
        return self.filter(Exists(_areas(user)))


def _works_on_all(user: User) -> bool:
    """A planner without any assignment works on the whole city; one whose assignments have ended does not."""
    return user.role == Role.PLANNER and not _own_assignments(user).exists()


def _own_assignments(user: User) -> "AssignmentQuerySet":
    from projects.models.assignment import Assignment

    return Assignment.objects.filter(user=user)


def _assigned(user: User) -> Q:
    """By district and programme, and for an inspector also site by site."""
    from projects.models.assignment import SiteAssignment

    area = Q(Exists(_areas(user)))
    if user.role != Role.INSPECTOR:
        return area
    return area | Q(pk__in=SiteAssignment.objects.filter(user=user).in_force().values("site"))


def _areas(user: User) -> "models.QuerySet[Assignment]":
    return (
        _own_assignments(user)
        .in_force()
        .filter(
            Q(district__isnull=True) | Q(district=OuterRef("district")),
            Q(programme__isnull=True) | Q(programme=OuterRef("programme")),
        )
    )


class WorkArea:
    """Where somebody may write sites: the rule of ``editable_by`` for rows that are not stored yet, in one query.

    user: None is the system itself, which may write everywhere.
    """

    def __init__(self, user: User | None) -> None:
        self._pairs: set[tuple[int | None, int | None]] | None = None
        if user is not None and not (user.is_administrator or _works_on_all(user)):
            pairs = _own_assignments(user).in_force().values_list("district_id", "programme_id")
            self._pairs = set(pairs) if user.is_active else set()

    @property
    def is_everywhere(self) -> bool:
        """Whether nothing holds him; an assignment to no district and no programme holds him to nothing."""
        return self._pairs is None or (None, None) in self._pairs

    def covers(self, programme_id: int | None, district_id: int | None) -> bool:
        """Whether a site of this programme, in this district or in none, may be written.

        programme_id: None asks for all programmes.
        """
        if self._pairs is None:
            return True
        return any(
            district in (None, district_id) and programme in (None, programme_id)
            for district, programme in self._pairs
        )

    def rule(self, programme: str, district: str) -> Q:
        """``covers`` for rows that keep the two numbers under these names."""
        if self.is_everywhere:
            return ~Q(pk__in=[])
        found = Q(pk__in=[])
        for district_id, programme_id in self._pairs or ():
            wanted = {programme: programme_id, district: district_id}
            found |= Q(**{name: number for name, number in wanted.items() if number is not None})
        return found
