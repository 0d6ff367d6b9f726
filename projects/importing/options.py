"""What a person chose for a job, as JSON in its row, and as the import takes it."""

import dataclasses
from typing import Any

from projects.importing.report import ImportOptions
from projects.models import ImportJob

_KNOWN = frozenset(field.name for field in dataclasses.fields(ImportOptions)) - {"on"}


def chosen_options(job: ImportJob) -> ImportOptions:
    """What is not chosen is detected; words that the import does not know are left out."""
    given = {name: value for name, value in job.options.items() if name in _KNOWN}
    return ImportOptions(**given)


def with_choices(job: ImportJob, **choices: Any) -> dict[str, Any]:
    """The job's options with these ones in place of the former; an empty choice is none."""
    merged = {**job.options, **choices}
    return {name: value for name, value in merged.items() if value not in (None, "")}
