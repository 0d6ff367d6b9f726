"""What an import is asked to do, and what it says that it did or would do."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gis_projects.geo.gcj02 import Offset
from layers.importing.handling import REPAIR_SHARE, Handling, Heights
from layers.importing.problems import Problem


@dataclass(frozen=True)
class ImportOptions:
    """encoding and crs are detected when None. mapping: column → site field or ``attributes.<key>``.

    A mapping stands instead of the suggested one; a column mapped to nothing is left out. publish and
    is_demonstration are for new sites; on: the day on which they are registered. swap, accept_datum, offset,
    repair_share and heights: see layers.importing.handling.
    """

    encoding: str | None = None
    crs: str | int | None = None
    layer: str | None = None
    swap: bool = False
    accept_datum: bool = False
    offset: Offset | None = None
    repair_share: float = REPAIR_SHARE
    heights: Heights = "drop"
    mapping: Mapping[str, str] | None = None
    publish: bool = False
    is_demonstration: bool = False
    on: dt.date = field(default_factory=dt.date.today)

    @property
    def handling(self) -> Handling:
        return Handling(self.swap, self.accept_datum, self.offset, self.repair_share, self.heights)


class RowOutcome(NamedTuple):
    """number: 1-based place in the file; outcome: created | updated | unchanged.

    changes: of an updated site, field to its old and new value; ``geom`` to a point on each of the two places.
    """

    number: int
    code: str
    outcome: str
    changes: Mapping[str, tuple[Any, Any]] | None = None


@dataclass
class ImportReport:
    """What an import did, or would do: how many rows of each outcome, refusals and warnings with their sentences.

    The rows themselves are for the journal: there may be a million.
    codes: the number of a row that there is something to say of, to the site's code as the file has it.
    samples: column → its value in the first feature, for whoever maps the columns.
    """

    file: str = ""
    encoding: str = ""
    crs: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    stored: bool = False

    @property
    def refused(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_error]

    @property
    def sites(self) -> int:
        """Rows that are sites, whatever became of them."""
        return self.counts.total()

    @property
    def created(self) -> int:
        return self.counts["created"]

    @property
    def updated(self) -> int:
        return self.counts["updated"]

    @property
    def unchanged(self) -> int:
        return self.counts["unchanged"]
