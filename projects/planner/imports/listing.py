"""The list of imports: what waits, what runs, what was stored and what was taken back."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_projects.http.params import whole_number
from projects.access import require_planner
from projects.importing.folder import JobFolder
from projects.importing.jobs import notice_silence
from projects.models import ImportJob

PAGE_SIZE = 30


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    rows = ImportJob.objects.visible_to(user).select_related("programme", "owner")
    rows = rows.defer("findings", "programme__attribute_schema")
    number = whole_number(request, "page", 1, 1, 100_000)
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    jobs = [notice_silence(job) for job in page]
    context = {
        "page": page,
        "query": "",
        "jobs": [(job, JobFolder(job.pk).progress() if job.is_working else None) for job in jobs],
    }
    return render(request, "planner/imports/list.html", context)
