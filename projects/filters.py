"""The filters of every list, map and number: one vocabulary in the address, one reading of it.

``programme``, ``phase``, ``district`` (comma-separated keys), ``q`` (name, code or pinyin), and ``target`` with
``stage``, which are how a number on the targets board opens the very sites that it is made of. Those of
``office_filters`` are for the staff.
"""

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_projects.http.params import choices
from gis_projects.http.problems import ParameterInvalid
from projects import office_filters
from projects.models import Phase, Target
from projects.querysets import SiteQuerySet, Viewer

PUBLIC_PARAMETERS = frozenset({"programme", "phase", "district", "q", "target", "stage"})
PARAMETERS = PUBLIC_PARAMETERS | office_filters.PARAMETERS

# Each stage holds the later ones: what is accepted is also completed, started and mapped.
STAGE_PHASES: Mapping[str, frozenset[str]] = {
    "mapped": frozenset(Phase.values),
    "started": frozenset(Phase.values) - {Phase.PLANNED},
    "completed": frozenset({Phase.COMPLETED, Phase.ACCEPTED}),
    "accepted": frozenset({Phase.ACCEPTED}),
}
STAGE_NAMES = {
    "mapped": gettext_lazy("Mapped"),
    "started": gettext_lazy("Started"),
    "completed": gettext_lazy("Completed"),
    "accepted": gettext_lazy("Accepted"),
}


def filtered(request: HttpRequest, rows: SiteQuerySet) -> SiteQuerySet:
    """Narrow ``rows`` to what the address asks for. Raises ParameterInvalid for a value that is none, and
    ParameterUnknown when the public asks what only staff may.
    """
    rows = of_place(request, rows)
    if phases := choices(request, "phase", Phase.values):
        rows = rows.filter(state__phase__in=phases)
    if text := request.GET.get("q", "").strip().lower():
        rows = rows.filter(search_text__contains=text)
    target = chosen_target(request)
    if target is not None:
        rows = of_target(rows, target)
    for stage in choices(request, "stage", STAGE_PHASES):
        rows = rows.filter(state__phase__in=STAGE_PHASES[stage])
    return office_filters.narrowed(request, rows)


def of_place(request: HttpRequest, rows: SiteQuerySet) -> SiteQuerySet:
    """By programme and district alone."""
    if programmes := choices(request, "programme"):
        rows = rows.filter(programme__key__in=programmes)
    if districts := choices(request, "district"):
        rows = rows.filter(district__code__in=districts)
    return rows


def parameters_for(viewer: Viewer) -> frozenset[str]:
    return PARAMETERS if viewer.is_authenticated else PUBLIC_PARAMETERS


def chosen_target(request: HttpRequest) -> Target | None:
    """The target that the address names. Raises ParameterInvalid when there is no such target."""
    key = request.GET.get("target", "")
    if not key:
        return None
    target = Target.objects.select_related("programme", "clause").filter(key=key).first()
    if target is None:
        raise ParameterInvalid(
            _("There is no target “%(key)s”.") % {"key": key}, parameter="target"
        )
    return target


def of_target(rows: SiteQuerySet, target: Target) -> SiteQuerySet:
    """The sites that count for a target: none when it has no programme."""
    if target.programme_id is None:
        return rows.none()
    where = {f"attributes__{field}": value for field, value in target.where.items()}
    return rows.filter(programme=target.programme_id, **where)
