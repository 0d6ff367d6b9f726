"""The filtered list as a file."""

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis_projects.http.params import choices, refuse_unknown
from gis_projects.http.ratelimit import limited
from layers.exporting.formats import CRS_CHOICES, FORMATS, write
from projects import filters
from projects.access import require_staff
from projects.exporting import site_table
from projects.models import Programme
from projects.planner.views import filtered_sites

PARAMETERS = filters.PARAMETERS | {"format", "crs", "evidence", "import", "outcome"}


@require_safe
@limited("export")
def export(request: HttpRequest) -> FileResponse:
    """Exactly what the list shows to this user: ``?format=gpkg&crs=EPSG:4490`` and the list's own filters."""
    user = require_staff(request)
    refuse_unknown(request, PARAMETERS)
    format_key = (choices(request, "format", FORMATS) or ["gpkg"])[0]
    crs = (choices(request, "crs", CRS_CHOICES) or [CRS_CHOICES[0]])[0]
    keys = choices(request, "programme")
    programme = Programme.objects.filter(key=keys[0]).first() if len(keys) == 1 else None
    name = f"{programme.key if programme else 'sites'}_{timezone.localdate():%Y%m%d}"
    table = site_table(filtered_sites(request, user), programme, name)
    suffix = FORMATS[format_key].suffix
    with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
        path = Path(folder) / f"{name}.{suffix}"
        write(path, table, format_key, crs)
        # The file has no name any more when it is sent, and is gone when that is done.
        opened = path.open("rb")
    label = "_demo" if table.label else ""
    response = FileResponse(
        opened, as_attachment=True, filename=f"{name}{label}.{suffix}",
        content_type=FORMATS[format_key].content_type,
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response
