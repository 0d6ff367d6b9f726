"""The list of assigned sites and the form of a visit: plain pages that work on a tablet."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects import filters, workflow
from projects.access import get_site_for_edit, require_staff
from projects.forms.inspection import InspectionForm
from projects.models import Phase, Site
from projects.planner.views import listing, record_inspection, step_form

PAGE_SIZE = 30
OPEN_PHASES = [phase for phase in Phase.values if phase != Phase.ACCEPTED]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = require_staff(request)
    rows = Site.objects.editable_by(user).filter(state__phase__in=OPEN_PHASES)
    rows = filters.filtered(request, rows)
    rows = rows.select_related("programme", "district", "state").order_by("planned_end", "code")
    rows = rows.defer("geom", "public_geom", "district__geom", "programme__attribute_schema")
    return render(request, "field/home.html", listing(request, rows, PAGE_SIZE))


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    user = require_staff(request)
    site = get_site_for_edit(user, site_id)
    form = InspectionForm(request.POST or None, request.FILES or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and record_inspection(request, site, user, form)
    ):
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
