"""The page that takes in what a tablet could not send and saved to a file."""

import tempfile
from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from gis_projects.http.problems import Problem
from projects.access import require_planner
from projects.models import OperationState
from projects.sync import rescue
from projects.sync.rescue import Loaded


class RescueForm(forms.Form):
    file = forms.FileField(
        label=_("File of the tablet"), widget=forms.FileInput(attrs={"accept": ".zip"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    form = RescueForm(request.POST or None, request.FILES or None)
    loaded = None
    if request.method == "POST" and form.is_valid():
        try:
            loaded = _load(form.cleaned_data["file"], user)
        except Problem as problem:
            form.add_error("file", str(problem.detail or problem.title))
    context = {"form": form, "loaded": loaded, "states": [] if loaded is None else _told(loaded)}
    return render(request, "planner/tray/load.html", context, status=422 if form.errors else 200)


def _load(file: "UploadedFile[bytes]", user: User) -> Loaded:
    with tempfile.NamedTemporaryFile(suffix=".zip") as out:
        for chunk in file.chunks():
            out.write(chunk)
        out.flush()
        return rescue.load(Path(out.name), str(file.name), by=user)


def _told(loaded: Loaded) -> list[tuple[object, int]]:
    """How many records ended in which state, in words."""
    words = {state.value: state.label for state in OperationState} | {
        "duplicate": _("here already"),
        "retry": _("to be loaded again"),
    }
    return [(words.get(state, state), count) for state, count in sorted(loaded.states.items())]
