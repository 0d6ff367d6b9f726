"""The upload page: one data set, a dry run with its report, then the same again for good."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

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
from projects.models import Programme

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

    def clean_parts(self) -> list[UploadedFile[bytes]]:
        parts: list[UploadedFile[bytes]] = self.cleaned_data["parts"]
        if not parts:
            raise forms.ValidationError(_("Choose a file."))
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
        dry_run = request.POST.get("action") != "store"
        try:
            context["report"] = _import(form.cleaned_data, user, dry_run)
        except ImportRefused as refused:
            context["refusals"] = [problem.sentence() for problem in refused.problems]
    return render(request, "planner/import.html", context)


def _import(data: dict[str, Any], user: User, dry_run: bool) -> ImportReport:
    options = ImportOptions(
        encoding=data["encoding"] or None,
        crs=data["crs"] or None,
        layer=data["layer"] or None,
        publish=data["publish"],
    )
    with tempfile.TemporaryDirectory(prefix="gis-upload-") as name:
        parts: list[Path | Part] = [
            _keep(Path(name), number, item) for number, item in enumerate(data["parts"])
        ]
        return import_sites(data["programme"], parts, options, by=user, dry_run=dry_run)


def _keep(folder: Path, number: int, item: UploadedFile[bytes]) -> Part:
    """Below a name of ours; the sender's name only labels it."""
    path = folder / f"{number}.part"
    with path.open("wb") as out:
        for chunk in item.chunks():
            out.write(chunk)
    return Part(name=str(item.name), path=path)
