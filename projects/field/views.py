"""The list of assigned sites and the form of a visit: plain pages that work on a tablet."""

import uuid

from django.contrib import messages
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from gis_projects.http.problems import Problem
from projects import filters, workflow
from projects.access import get_site_for_edit, require_staff
from projects.evidence import NewPhoto, add_inspection, pair_photos
from projects.forms.inspection import InspectionForm
from projects.models import Phase, Site, SiteAssignment
from projects.planner.views import listing, step_form

PAGE_SIZE = 30
OPEN_PHASES = [phase for phase in Phase.values if phase != Phase.ACCEPTED]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = require_staff(request)
    asked = SiteAssignment.objects.filter(user=user).open().select_related("asked_by")
    wanted = Q(state__phase__in=OPEN_PHASES) | Q(pk__in=asked.values("site"))
    rows = Site.objects.editable_by(user).filter(wanted)
    rows = filters.filtered(request, rows)
    rows = rows.annotate(due=Subquery(asked.filter(site=OuterRef("pk")).values("due_on")[:1]))
    rows = rows.annotate(is_asked=Exists(asked.filter(site=OuterRef("pk"))))
    rows = rows.select_related("programme", "district", "state").prefetch_related(
        Prefetch("assignments", asked, to_attr="asked")
    )
    rows = rows.order_by(F("is_asked").desc(), F("due").asc(nulls_last=True), "planned_end", "code")
    rows = rows.defer("geom", "public_geom", "district__geom", "programme__attribute_schema")
    return render(request, "field/home.html", listing(request, rows, PAGE_SIZE))


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    user = require_staff(request)
    site = get_site_for_edit(user, site_id)
    form = InspectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _record(site, user, form):
        messages.success(request, _("The inspection was saved."))
        return redirect("field-inspect", site_id=site.pk)
    context = {
        "site": site,
        "form": form,
        "steps": workflow.steps_for(user, site),
        "step_form": step_form(user, site),
        "inspections": site.inspections.select_related("inspector")[:10],
        "photos": site.photos.all(),
    }
    return render(request, "field/inspect.html", context, status=422 if form.errors else 200)


def _record(site: Site, user: User, form: InspectionForm) -> bool:
    """Write what the form holds; a refused photograph becomes the form's error and nothing is stored."""
    try:
        photos = [
            NewPhoto(data=item.read(), role=form.cleaned_data["role"])
            for item in form.cleaned_data["photos"]
        ]
        add_inspection(
            site,
            by=user,
            at=timezone.now(),
            note=form.cleaned_data["note"],
            progress=form.cleaned_data["progress"],
            photos=photos,
        )
    except Problem as problem:
        form.add_error("photos", str(problem.detail or problem.title))
        return False
    pair_photos(site)
    return True
