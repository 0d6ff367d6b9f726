"""The board. Every number in it is a link to the map and the list of its sites."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_projects.http import params
from projects import rollup
from projects.filters import STAGE_NAMES
from projects.models import Clause, Site, Target
from projects.rollup import TargetFigures


@dataclass(frozen=True)
class ClauseFigures:
    clause: Clause
    targets: list[TargetFigures]


@dataclass(frozen=True)
class SectionFigures:
    """clauses share a section of the report; ``clauses[0].clause`` gives its name."""

    clauses: list[ClauseFigures]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    params.refuse_unknown(request, set())
    targets = (
        Target.objects.select_related("clause__report", "programme__workflow")
        .prefetch_related("programme__workflow__states")
        .order_by("clause__order", "order")
    )
    found = rollup.figures(targets, Site.objects.visible_to(request.user))
    mapped = sum(figure.target.is_mapped for figure in found)
    context = {
        "sections": _sections(found),
        "stages": STAGE_NAMES.items(),
        "total": len(found),
        "mapped": mapped,
        "unmapped": len(found) - mapped,
        "report": found[0].target.clause.report if found else None,
    }
    return render(request, "targets/board.html", context)


def _sections(found: list[TargetFigures]) -> list[SectionFigures]:
    by_clause = [
        ClauseFigures(clause, list(group))
        for clause, group in groupby(found, key=lambda figure: figure.target.clause)
    ]
    return [
        SectionFigures(list(group))
        for _section, group in groupby(by_clause, key=lambda item: item.clause.section)
    ]
