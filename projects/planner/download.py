"""A table as a file that is written for this one answer."""

import tempfile
from pathlib import Path

from django.http import FileResponse

from layers.exporting.formats import FORMATS, write
from layers.exporting.table import Table
from projects.planner.export_choice import Choice


def as_file(table: Table, choice: Choice, filename: str) -> FileResponse:
    """filename: without the suffix, which is the format's. Raises ParameterInvalid when the format cannot hold it."""
    chosen = FORMATS[choice.format]
    with tempfile.TemporaryDirectory(prefix="gis-export-") as folder:
        path = Path(folder) / f"{table.name}.{chosen.suffix}"
        write(path, table, choice.format, choice.crs, choice.names)
        # The file has no name any more when it is sent, and is gone when that is done.
        opened = path.open("rb")
    response = FileResponse(
        opened, as_attachment=True, filename=f"{filename}.{chosen.suffix}",
        content_type=chosen.content_type,
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response
