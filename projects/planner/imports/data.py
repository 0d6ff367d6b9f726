"""What the pages of an import ask for: progress, the map's sample, the row report as a file."""

import uuid
from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from gis_projects.geo.crs_names import crs_words
from gis_projects.http.problems import NotFound
from projects.importing.folder import JobFolder, Progress
from projects.importing.mapping import fields_of
from projects.importing.row_report import RowReport
from projects.importing.telling import told
from projects.models import ImportJob
from projects.planner.imports.access import get_job
from projects.planner.imports.words import phase_name


@require_safe
def progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """``{"working", "state", "phase", "percent", "done", "total"}``; percent is null while nobody knows."""
    _user, job = get_job(request, job_id)
    response = JsonResponse({"working": job.is_working, **told_progress(job)})
    response["Cache-Control"] = "no-store"
    return response


def told_progress(job: ImportJob) -> dict[str, Any]:
    """How far the worker is, in the reader's words."""
    found = JobFolder(job.pk).progress() if job.is_working else Progress("finishing")
    return {
        "state": job.get_state_display(),
        "phase": phase_name(found.phase),
        "percent": found.percent,
        "done": 0 if job.is_scene else found.done,  # rows
        "total": found.total,
    }


def problems_of(found: ImportJob) -> dict[str, list[str]]:
    """What reading the file showed, in the reader's language."""
    problems = found.findings.get("problems", [])
    return {
        "errors": [told(one["sentence"]) for one in problems if one["is_error"]],
        "warnings": [told(one["sentence"]) for one in problems if not one["is_error"]],
    }


@require_safe
def preview(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """``{"views": [{"crs", "label", "name", "features"}]}``: one when the CRS is known, else one for each candidate."""
    _user, job = get_job(request, job_id)
    try:
        content = orjson.loads(JobFolder(job.pk).preview.read_bytes())
    except OSError as error:
        raise NotFound() from error
    for view in content["views"]:
        view["label"] = crs_words(view["label"])
    response = HttpResponse(orjson.dumps(content), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def rows_csv(request: HttpRequest, job_id: uuid.UUID) -> StreamingHttpResponse:
    """The whole row report; 404 when there is none (any more)."""
    _user, job = get_job(request, job_id)
    report = RowReport(JobFolder(job.pk).rows)
    if not report.exists:
        raise NotFound()
    titles = dict(fields_of(job.programme)) if job.programme is not None else {}
    lines = _in_language(report.csv(titles), translation.get_language())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _in_language(lines: Iterator[bytes], language: str | None) -> Iterator[bytes]:
    """A stream is written after the middleware has put the language back."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line
