"""Files from other bureaus become sites: map the columns, say what would happen, then write all or nothing."""

from projects.importing.mapping import ATTRIBUTE, suggest_mapping
from projects.importing.report import ImportOptions, ImportReport, RowOutcome
from projects.importing.run import import_sites

__all__ = [
    "ATTRIBUTE",
    "ImportOptions",
    "ImportReport",
    "RowOutcome",
    "import_sites",
    "suggest_mapping",
]
