"""What lacks photographs, by programme and by district, as numbers that open the sites they are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.http.params import refuse_unknown
from projects import filters, office_filters
from projects.access import require_planner
from projects.models import District, Programme, Site
from projects.office_filters import EVIDENCE, lacks
from projects.querysets import SiteQuerySet
from projects.templatetags.places import localized


@dataclass(frozen=True)
class Number:
    """query: of the list of exactly these sites."""

    title: str
    count: int
    query: str


@dataclass(frozen=True)
class Line:
    name: str
    sites: Number
    numbers: list[Number]


@require_safe
def lacking(request: HttpRequest) -> HttpResponse:
    """``?days=30``, narrowed by ``programme`` and ``district``."""
    user = require_planner(request)
    refuse_unknown(request, {"days", "programme", "district"})
    days = office_filters.stale_days(request)
    groups = _groups(filters.of_place(request, Site.objects.editable_by(user)), days)
    programmes = list(Programme.objects.defer("attribute_schema"))
    districts = list(District.objects.defer("geom"))
    address = {
        name: request.GET[name] for name in ("programme", "district") if request.GET.get(name)
    }
    lines = _Lines(groups, address | ({"days": str(days)} if request.GET.get("days") else {}))
    context = {
        "days": days,
        "kinds": EVIDENCE.items(),
        "total": lines.line(_("All"), {}, groups),
        "tables": [
            (
                _("Programme"),
                lines.by("programme", [(one.key, localized(one, "name")) for one in programmes]),
            ),
            (
                _("District"),
                lines.by("district", [(one.code, localized(one, "name")) for one in districts]),
            ),
        ],
        "programmes": programmes,
        "districts": districts,
        "chosen": request.GET,
    }
    return render(request, "planner/inspections/evidence.html", context)


class _Lines:
    """Lines of the tables, with the address that opens each number. address: what the page is narrowed to."""

    def __init__(self, groups: list[dict[str, Any]], address: dict[str, str]) -> None:
        self._groups, self._address = groups, address

    def by(self, name: str, choices: Iterable[tuple[str, str]]) -> list[Line]:
        """One for each that has sites, in the order of the choices."""
        found = []
        for key, title in choices:
            own = [group for group in self._groups if group[name] == key]
            if own:
                found.append(self.line(title, {name: key}, own))
        return found

    def line(self, title: str, narrowed: dict[str, str], groups: list[dict[str, Any]]) -> Line:
        address = {
            name: value for name, value in self._address.items() if name != "days"
        } | narrowed
        numbers = [
            Number(
                str(EVIDENCE[kind]),
                sum(group[kind] for group in groups),
                urlencode(self._address | narrowed | {"evidence": kind}),
            )
            for kind in EVIDENCE
        ]
        sites = Number("", sum(group["sites"] for group in groups), urlencode(address))
        return Line(title, sites, numbers)


def _groups(rows: SiteQuerySet, days: int) -> list[dict[str, Any]]:
    """One query: how many sites of each programme in each district, and how many lack each kind of evidence."""
    grouped = (
        rows.order_by()
        .values("programme__key", "district__code")
        .annotate(
            sites=Count("pk"), **{kind: Count("pk", filter=lacks(kind, days)) for kind in EVIDENCE}
        )
    )
    return [
        {**group, "programme": group["programme__key"], "district": group["district__code"]}
        for group in grouped
    ]
