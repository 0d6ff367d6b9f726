"""The page of one import: its face follows from the job's state, and from ``?step=`` on the way back."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from gis_projects.http.params import whole_number
from layers.models import Layer
from projects.access import works_on_the_whole_city
from projects.importing.folder import JobFolder
from projects.importing.mapping import FIELD_NAMES, fields_of, required_of, suggest_mapping
from projects.importing.row_report import OUTCOMES, RowReport, outcome_names
from projects.importing.saved import recalled
from projects.importing.telling import told
from projects.map_settings import map_settings
from projects.models import ImportJob, JobState, Programme
from projects.planner.imports.access import get_job
from projects.planner.imports.data import problems_of, told_progress
from projects.planner.imports.scene import scene_context
from projects.planner.imports.words import CRS_BY, ENCODING_BY, steps_up_to

PAGE_SIZE = 100
CAUSES = 8
ENCODINGS = [("utf-8", "UTF-8"), ("gb18030", "GBK / GB18030"), ("big5", "Big5")]
_STEP_OF = {
    JobState.READY: "file",
    JobState.CHECKED: "check",
    JobState.STORED: "done",
    JobState.UNDONE: "done",
    JobState.FAILED: "ended",
    JobState.CANCELLED: "ended",
}
# Where a person may look back, and begin anew from there.
_BACK = {"file", "fields"}
_OPEN = {JobState.READY, JobState.CHECKED, JobState.FAILED}


@require_safe
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    user, found = get_job(request, job_id)
    if found.state == JobState.UPLOADING:
        return redirect("planner-scene-new" if found.is_scene else "planner-import-new")
    if found.is_working:
        return render_step(request, found, "working", {"progress": told_progress(found)})
    if found.is_scene:
        return _scene(request, user, found)
    step = _STEP_OF[JobState(found.state)]
    asked = request.GET.get("step", "")
    if asked in _BACK and found.state in _OPEN and found.findings.get("columns"):
        step = asked
    context = _CONTEXT[step](request, user, found)
    return render_step(request, found, step, context)


def _scene(request: HttpRequest, user: User, found: ImportJob) -> HttpResponse:
    """A picture is looked at and described; what it became has a page of its own."""
    if found.state == JobState.READY:
        return render_step(request, found, "scene", scene_context(user, found))
    if found.state == JobState.STORED and found.scene_id is not None:
        for words in found.messages:
            messages.warning(request, told(words))
        return redirect("planner-scene", scene_id=found.scene_id)
    return render_step(request, found, "ended", _ended(request, user, found))


def render_step(
    request: HttpRequest,
    found: ImportJob,
    step: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """One step of an import's way, as a page."""
    names = {"working": _working_step(found), "ended": _working_step(found), "scene": "file"}
    common = {
        "job": found,
        "steps": steps_up_to(names.get(step, step), found.kind),
        "messages_told": [told(words) for words in found.messages],
        "map": map_settings(request),
    }
    return render(request, f"planner/imports/{step}.html", common | context, status=status)


def _working_step(found: ImportJob) -> str:
    """The step that the work belongs to."""
    state = found.failed_at or found.state
    if found.is_scene:
        return "done" if state == JobState.STORING else "file"
    steps = {JobState.CHECKING: "check", JobState.STORING: "check", JobState.UNDOING: "done"}
    return steps.get(JobState(state), "file")


def _file(request: HttpRequest, user: User, found: ImportJob) -> dict[str, Any]:
    findings = found.findings
    columns = findings.get("columns", [])
    return {
        **problems_of(found),
        "columns": columns,
        "rows": [[row.get(name, "") for name in columns] for row in findings.get("rows", [])],
        "encodings": ENCODINGS,
        "encoding_by": ENCODING_BY.get(findings.get("encoding_by") or ""),
        "crs_by": CRS_BY.get(findings.get("crs_by") or ""),
    }


def _fields(request: HttpRequest, user: User, found: ImportJob) -> dict[str, Any]:
    """The table of columns for the programme of the address, else for the one that was chosen before."""
    programmes = Programme.objects.all()
    key = request.GET.get("programme", "")
    programme = programmes.filter(key=key).first() if key else found.programme
    context: dict[str, Any] = {
        "programmes": programmes,
        "programme": programme,
        "all_columns": found.findings["columns"],
        "layers": Layer.objects.visible_to(user),
        "may_import_layers": works_on_the_whole_city(user),
        "target": found.options.get("target_layer", {"mode": "new"}),
    }
    if programme is None:
        return context
    columns = found.findings["columns"]
    saved = recalled(user, programme, columns)
    mapping: dict[str, str] = suggest_mapping(programme, columns)
    if programme == found.programme and "mapping" in found.options:
        mapping, saved = found.options["mapping"], None
    elif saved is not None:
        mapping = saved.mapping
    first = (found.findings.get("rows") or [{}])[0]
    return context | {
        "saved": saved,
        "fields": fields_of(programme),
        "columns": [
            {"name": name, "sample": first.get(name, ""), "target": mapping.get(name, "")}
            for name in columns
        ],
        "required": required_of(programme),
        "publish": found.options.get("publish", False),
    }


def _report(request: HttpRequest, user: User, found: ImportJob) -> dict[str, Any]:
    """Counts, and one page of the rows."""
    report = RowReport(JobFolder(found.pk).rows)
    asked = request.GET.get("outcome", "")
    outcome = asked if asked in OUTCOMES else ""
    titles = dict(fields_of(found.programme)) if found.programme is not None else {}
    names = outcome_names()
    numbers = range(report.count(outcome))
    page = Paginator(numbers, PAGE_SIZE).get_page(whole_number(request, "page", 1, 1, 1_000_000))
    start = max(page.start_index() - 1, 0)
    whole = found.findings.get("report", [])
    return {
        "page": page,
        "query": f"outcome={outcome}" if outcome else "",
        "outcome": outcome,
        "has_report": report.exists,
        "counts": [
            {"key": key, "name": names[key], "count": _count(found, report, key)}
            for key in OUTCOMES
        ],
        "rows": [
            {
                "row": row,
                "name": names[row.outcome],
                "changes": [(_title(titles, key), old, new) for key, old, new in row.changes],
            }
            for row in report.page(outcome, start, PAGE_SIZE)
        ],
        "causes": report.causes(CAUSES),
        "errors": [told(one["sentence"]) for one in whole if one["is_error"]],
        "warnings": [told(one["sentence"]) for one in whole if not one["is_error"]],
        "can_store": found.findings.get("can_store", False),
    }


def _count(found: ImportJob, report: RowReport, key: str) -> int:
    """Of rows; the report has a line for each thing that is wrong with one."""
    return found.counts[key] if key in found.counts else report.count(key)


def _title(titles: dict[str, str], key: str) -> str:
    if key == "geom":
        return _("Place")
    return titles.get(key) or str(FIELD_NAMES.get(key, key))


def _ended(request: HttpRequest, user: User, found: ImportJob) -> dict[str, Any]:
    return {"can_go_back": found.state in _OPEN and bool(found.findings.get("columns"))}


_CONTEXT = {
    "file": _file,
    "fields": _fields,
    "check": _report,
    "done": _report,
    "ended": _ended,
}
