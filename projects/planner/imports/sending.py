"""Sending files: a plain form, and for scripts the steps of tus 1.0: create, HEAD, PATCH at the offset, complete."""

import json
import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from gis_projects.http import tus
from gis_projects.http.actor import client_address
from gis_projects.http.problems import Problem, RequestInvalid
from layers.importing.archive import ACCEPTED
from projects.access import require_planner
from projects.forms.inspection import FilesField, MultipleFiles
from projects.importing import uploads
from projects.importing.uploads import NewFile
from projects.models import ImportJob, JobKind, JobState
from projects.planner.imports.access import get_upload
from projects.scenes.parts import ACCEPTED as ACCEPTED_PICTURES

CHUNK_BYTES = 4 * 1024 * 1024
_BODY_LIMIT = 200_000


_ACCEPTED = {JobKind.DATA: ACCEPTED, JobKind.SCENE: ACCEPTED_PICTURES}
_PAGES = {JobKind.DATA: "planner/imports/new.html", JobKind.SCENE: "planner/scenes/new.html"}
_CREATE = {JobKind.DATA: "planner-import-create", JobKind.SCENE: "planner-scene-create"}


class FilesForm(forms.Form):
    parts = FilesField(label=_("Files"), widget=MultipleFiles())

    def __init__(self, kind: JobKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].widget.attrs["accept"] = ",".join(_ACCEPTED[kind])

    def clean_parts(self) -> "list[UploadedFile[bytes]]":
        parts: list[UploadedFile[bytes]] = self.cleaned_data["parts"]
        if not parts:
            raise forms.ValidationError(_("Choose a file."))
        return parts


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: JobKind = JobKind.DATA) -> HttpResponse:
    user = require_planner(request)
    is_sent = request.method == "POST"
    form = FilesForm(kind, request.POST, request.FILES) if is_sent else FilesForm(kind)
    if is_sent and form.is_valid():
        given = form.cleaned_data["parts"]
        try:
            job = uploads.create_whole(user, given, client_address(request), kind)
        except Problem as problem:
            form.add_error("parts", str(problem.detail or problem.title))
        else:
            return redirect("planner-import-job", job_id=job.pk)
    return render(
        request,
        _PAGES[kind],
        {
            "form": form,
            "upload": _settings(user, kind),
            "limit_mb": uploads.limit_bytes(kind) >> 20,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def create(request: HttpRequest, kind: JobKind = JobKind.DATA) -> HttpResponse:
    """Body: ``{"files": [{"name", "size", "fingerprint"}]}``. Answer: where each file goes."""
    user = require_planner(request)
    job = uploads.create(user, _files(_body(request)), client_address(request), kind)
    response = JsonResponse(_as_json(job), status=201)
    response["Location"] = reverse("planner-import-job", args=[job.pk])
    return response


@require_http_methods(["HEAD", "PATCH"])
def part(request: HttpRequest, job_id: uuid.UUID, number: int) -> HttpResponse:
    """HEAD tells the offset; PATCH adds bytes exactly there (Upload-Offset)."""
    job = get_upload(request, job_id)
    if request.method == "HEAD":
        response, here = HttpResponse(), uploads.offset(job, number)
        response["Upload-Length"] = str(job.files[number]["size"])
    else:
        here = uploads.append(job, number, tus.offset_of(request), request)
        response = HttpResponse(status=204)
    tus.tell_offset(response, here)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def complete(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Body: ``{"sha256": [...]}``, one for each file. The file is then read by a worker."""
    job = get_upload(request, job_id)
    digests = _body(request).get("sha256")
    if not isinstance(digests, list):
        raise RequestInvalid("sha256")
    uploads.complete(job, [str(one) for one in digests])
    return JsonResponse({"page": reverse("planner-import-job", args=[job.pk])})


def _settings(user: User, kind: JobKind) -> dict[str, Any]:
    """What the page's script needs; uploads that were broken off can be continued from another tab or device."""
    waiting = ImportJob.objects.filter(owner=user, state=JobState.UPLOADING)
    return {
        "create": reverse(_CREATE[kind]),
        "chunk": CHUNK_BYTES,
        "limit": uploads.limit_bytes(kind),
        "waiting": [_as_json(job) for job in waiting],
    }


def _as_json(job: ImportJob) -> dict[str, Any]:
    return {
        "title": job.title,
        "complete": reverse("planner-import-complete", args=[job.pk]),
        "cancel": reverse("planner-import-cancel", args=[job.pk]),
        "parts": [
            {**file, "url": reverse("planner-import-part", args=[job.pk, number])}
            for number, file in enumerate(job.files)
        ],
    }


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > _BODY_LIMIT:
        raise RequestInvalid()
    try:
        found = json.loads(request.body)
    except ValueError as error:
        raise RequestInvalid() from error
    if not isinstance(found, dict):
        raise RequestInvalid()
    return found


def _files(body: dict[str, Any]) -> list[NewFile]:
    given = body.get("files")
    if not isinstance(given, list):
        raise RequestInvalid("files")
    return [_file(one) for one in given]


def _file(one: Any) -> NewFile:
    if not isinstance(one, dict):
        raise RequestInvalid("files")
    name, size = one.get("name"), one.get("size")
    if not isinstance(name, str) or type(size) is not int or size < 0:
        raise RequestInvalid("files")
    return NewFile(name, size, str(one.get("fingerprint", "")))
