"""The site list and the site editor."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from gis_projects.http.params import choices, whole_number
from gis_projects.http.problems import NotFound, Problem
from projects import editing, filters, office_filters, workflow
from projects.access import get_site_for_edit, require_planner, require_staff
from projects.forms.attributes import AttributeForm
from projects.forms.inspection import StepForm
from projects.forms.site import SiteForm
from projects.map_settings import map_settings
from projects.models import District, ImportJob, Phase, Programme, Site, WorkflowState
from projects.pairs.showing import vegetation
from projects.planner.history import site_history
from projects.querysets import SiteQuerySet

PAGE_SIZE = 50
# What the list's form has no control for and must not lose.
_KEPT = ("visited", "inspector", "due", "days")


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    user = require_staff(request)
    rows = filtered_sites(request, user)
    context = listing(request, rows, PAGE_SIZE) | {
        "evidence": office_filters.EVIDENCE.items(),
        "narrowed": office_filters.told(request),
        "kept": [(name, request.GET[name]) for name in _KEPT if request.GET.get(name)],
        "map_query": _map_query(request),
    }
    return render(request, "planner/sites.html", context)


def _map_query(request: HttpRequest) -> str:
    """The filters that the map knows as well; it cannot show the sites of one import."""
    query = request.GET.copy()
    for name in set(query) - filters.PARAMETERS:
        query.pop(name)
    return query.urlencode()


def listing(request: HttpRequest, rows: Any, page_size: int) -> dict[str, Any]:
    """One page of a list, with what its filters offer and what was chosen."""
    query = request.GET.copy()
    query.pop("page", None)
    number = whole_number(request, "page", 1, 1, 100_000)
    return {
        "page": Paginator(rows, page_size).get_page(number),
        "query": query.urlencode(),
        "programmes": Programme.objects.defer("attribute_schema"),
        "districts": District.objects.defer("geom"),
        "phases": Phase.choices,
        "chosen": request.GET,
    }


def filtered_sites(request: HttpRequest, user: User) -> SiteQuerySet:
    """The list's sites, narrowed by the address; the export reads the same."""
    rows = Site.objects.editable_by(user).select_related("programme", "district", "state")
    rows = rows.defer("geom", "public_geom", "district__geom", "programme__attribute_schema")
    rows = filters.filtered(request, rows)
    return of_import(request, user, rows)


def of_import(request: HttpRequest, user: User, rows: SiteQuerySet) -> SiteQuerySet:
    """Only those that an import of this user had to do with: ``?import=<number>&outcome=created``."""
    number = request.GET.get("import", "")
    if not number:
        return rows
    try:
        job = ImportJob.objects.visible_to(user).filter(pk=uuid.UUID(number)).first()
    except ValueError:
        job = None
    if job is None:
        raise NotFound()
    touched = job.rows.all()
    if outcomes := choices(request, "outcome", ("created", "updated", "unchanged")):
        touched = touched.filter(outcome__in=outcomes)
    return rows.filter(pk__in=touched.values("site"))


@require_http_methods(["GET", "HEAD", "POST"])
def new_site(request: HttpRequest, programme_key: str) -> HttpResponse:
    user = require_planner(request)
    programme = Programme.objects.filter(key=programme_key).first()
    if programme is None:
        raise NotFound()
    site = Site(programme=programme)
    form = SiteForm(request.POST or None, instance=site)
    fields = AttributeForm(programme.attribute_schema, request.POST or None)
    if request.method == "POST" and all([form.is_valid(), fields.is_valid()]):
        draft = editing.SiteDraft(
            geom=form.cleaned_data["geometry"], attributes=fields.values(), **form.plain_values()
        )
        saved = _guarded(
            form, lambda: editing.create_site(programme, draft, by=user, on=timezone.localdate())
        )
        if saved is not None:
            messages.success(request, _("The site was created."))
            return redirect("planner-site-edit", site_id=saved.pk)
    return _editor(request, site, form, fields)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    user = require_planner(request)
    site = get_site_for_edit(user, site_id)
    form = SiteForm(request.POST or None, instance=site)
    fields = AttributeForm(
        site.programme.attribute_schema, request.POST or None, initial=site.attributes
    )
    if request.method == "POST" and all([form.is_valid(), fields.is_valid()]):
        saved = _guarded(
            form,
            lambda: editing.update_site(
                site,
                form.plain_values(),
                base_revision=form.cleaned_data["base_revision"],
                geom=form.cleaned_data["geometry"],
                new_attributes=fields.values(),
            ),
        )
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("planner-site-edit", site_id=site.pk)
    return _editor(request, site, form, fields)


@require_POST
def take_step(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """A step of the workflow, and with it an inspection with photographs when there is something recorded."""
    user = require_staff(request)
    site = get_site_for_edit(user, site_id)
    form = StepForm(request.POST, states=_reachable(user, site))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    else:
        try:
            editing.move_site(
                site,
                form.cleaned_data["to_state"],
                by=user,
                on=form.cleaned_data["on"],
                note=form.cleaned_data["note"],
            )
            messages.success(
                request, _("The site is now: %(state)s.") % {"state": form.cleaned_data["to_state"]}
            )
        except Problem as problem:
            messages.error(request, str(problem.detail or problem.title))
    page = "field-inspect" if request.POST.get("next") == "field" else "planner-site-edit"
    return redirect(page, site_id=site.pk)


def step_form(user: User, site: Site) -> StepForm:
    return StepForm(states=_reachable(user, site), initial={"on": timezone.localdate()})


def _reachable(user: User, site: Site) -> Any:
    ids = [step.target_id for step in workflow.steps_for(user, site)]
    return WorkflowState.objects.filter(pk__in=ids)


def _guarded(form: SiteForm, write: Any) -> Site | None:
    """Run the writer; its refusal becomes the form's error, so that nothing typed is lost."""
    try:
        with transaction.atomic():
            return write()  # type: ignore[no-any-return]
    except IntegrityError:
        form.add_error("code", _("This programme has a site with that code already."))
    except Problem as problem:
        form.add_error(None, str(problem.detail or problem.title))
    return None


def _editor(
    request: HttpRequest, site: Site, form: SiteForm, fields: AttributeForm
) -> HttpResponse:
    user = require_staff(request)
    exists = not site._state.adding
    context = {
        "site": site,
        "exists": exists,
        "form": form,
        "fields": fields,
        "kinds": site.programme.geometry_kinds,
        "map": map_settings(request),
        "steps": workflow.steps_for(user, site) if exists else [],
        "step_form": step_form(user, site) if exists else None,
        "history": site.transitions.select_related("to_state", "by") if exists else [],
        "changes": site_history(site) if exists else None,
        "vegetation": vegetation(site, user) if exists else None,
        "tasks": site.assignments.open().select_related("user") if exists else [],
    }
    return render(
        request, "planner/site.html", context, status=422 if form.errors or fields.errors else 200
    )
