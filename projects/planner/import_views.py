"""The upload page: one data set, a dry run with its report, then the same again for good."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused
from projects.access import require_planner
from projects.forms.inspection import FilesField, MultipleFiles
from projects.importing import ImportOptions, ImportReport, import_sites
from projects.importing.mapping import fields_of
from projects.models import Programme
from projects.planner import uploads

ENCODINGS = [("", _("Detect")), ("utf-8", "UTF-8"), ("gb18030", "GBK / GB18030"), ("big5", "Big5")]


class UploadForm(forms.Form):
    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("Programme"))
    parts = FilesField(
        label=_("A zip, the parts of a shapefile, a GeoPackage or GeoJSON"), widget=MultipleFiles()
    )
    encoding = forms.ChoiceField(choices=ENCODINGS, label=_("Encoding"), required=False)
    crs = forms.CharField(
        label=_("CRS, such as EPSG:4529; empty: as the file says"), required=False, max_length=40
    )
    layer = forms.CharField(
        label=_("Layer, when the file has several"), required=False, max_length=120
    )
    publish = forms.BooleanField(label=_("New sites are public at once"), required=False)

    staged = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def clean_parts(self) -> list[UploadedFile[bytes]]:
        parts: list[UploadedFile[bytes]] = self.cleaned_data["parts"]
        if sum(part.size or 0 for part in parts) > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES >> 20
            raise forms.ValidationError(
                _("The content is too large: at most %(limit)s can be read."),
                params={"limit": f"{limit} MB"},
            )
        return parts


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        _answer(request, user, form, context)
    return render(request, "planner/import.html", context)


def _answer(request: HttpRequest, user: User, form: UploadForm, context: dict[str, object]) -> None:
    """Check or store; what was sent stays at hand, so that only what was wrong is entered again."""
    data = form.cleaned_data
    token = uploads.keep(user, data["parts"]) if data["parts"] else data["staged"]
    parts: list[Path | Part] = [*uploads.parts(user, token)]
    if not parts:
        form.add_error("parts", _("Choose a file."))
        return
    # Columns are those of the file that the page showed: for a new file they are guessed anew.
    mapping = None if data["parts"] else _mapping(request)
    options = ImportOptions(
        encoding=data["encoding"] or None,
        crs=data["crs"] or None,
        layer=data["layer"] or None,
        publish=data["publish"],
        mapping=mapping,
    )
    dry_run = request.POST.get("action") != "store"
    context |= {"staged": token, "names": [part.name for part in parts if isinstance(part, Part)]}
    try:
        report = import_sites(data["programme"], parts, options, by=user, dry_run=dry_run)
    except ImportRefused as refused:
        context["refusals"] = [problem.sentence() for problem in refused.problems]
        return
    if report.stored:
        uploads.forget(user, token)
        context |= {"staged": "", "names": []}
    context |= {
        "report": report,
        "columns": _columns(report),
        "fields": fields_of(data["programme"]),
    }


def _columns(report: ImportReport) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "sample": report.samples.get(name, ""),
            "target": report.mapping.get(name, ""),
        }
        for name in report.columns
    ]


def _mapping(request: HttpRequest) -> dict[str, str] | None:
    """Column → field, from the table of columns; None when the page had none yet."""
    names = request.POST.getlist("column")
    return dict(zip(names, request.POST.getlist("target"), strict=False)) if names else None
