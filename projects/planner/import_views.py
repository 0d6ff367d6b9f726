"""The upload page: one data set, a dry run with its report, then the same again for good."""

import shutil
import tempfile
from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from gis_projects.geo.crs import UnsupportedCRS
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused
from projects.access import require_planner
from projects.forms.inspection import FilesField, MultipleFiles
from projects.importing import ImportOptions, import_sites
from projects.models import Programme

ENCODINGS = [("", _("Detect")), ("utf-8", "UTF-8"), ("gb18030", "GBK / GB18030"), ("big5", "Big5")]


class UploadForm(forms.Form):
    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("Programme"))
    files = FilesField(
        label=_("A zip, the parts of a shapefile, a GeoPackage or GeoJSON"), widget=MultipleFiles()
    )
    encoding = forms.ChoiceField(choices=ENCODINGS, label=_("Encoding"), required=False)
    crs = forms.CharField(
        label=_("CRS, such as EPSG:4529; empty: as the file says"), required=False, max_length=40
    )
    publish = forms.BooleanField(label=_("New sites are public at once"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    user = require_planner(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        folder = Path(tempfile.mkdtemp(prefix="gis-upload-"))
        try:
            parts = [
                _keep(folder, number, item)
                for number, item in enumerate(form.cleaned_data["files"])
            ]
            options = ImportOptions(
                encoding=form.cleaned_data["encoding"] or None,
                crs=form.cleaned_data["crs"] or None,
                publish=form.cleaned_data["publish"],
            )
            dry_run = request.POST.get("action") != "store"
            context["report"] = import_sites(
                form.cleaned_data["programme"], parts, options, by=user, dry_run=dry_run
            )
        except ImportRefused as refused:
            context["refusals"] = [problem.sentence() for problem in refused.problems]
        except UnsupportedCRS as error:
            form.add_error("crs", str(error))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return render(request, "planner/import.html", context)


def _keep(folder: Path, number: int, item: UploadedFile) -> Path | Part:
    """Below a name of ours; the sender's name only labels it."""
    path = folder / f"{number}.part"
    with path.open("wb") as out:
        for chunk in item.chunks():
            out.write(chunk)
    return Part(name=str(item.name), path=path)
