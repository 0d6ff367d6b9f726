"""Everything that can be said about an uploaded file, as plain data and as a sentence.

A Problem names the file, the feature (1-based, as a person counts) and the field where it has one.
The sentence is made when it is shown, in the language of whoever reads it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_projects.geo.crs_names import crs_words
from layers.importing.codes import WARNINGS, Code
from layers.importing.sentences import SENTENCES

__all__ = [
    "SENTENCES",
    "WARNINGS",
    "Code",
    "ImportRefused",
    "Problem",
    "Severity",
    "megabytes",
    "refuse",
    "sentences",
]

Severity = Literal["error", "warning"]


# Parameters that are coordinate systems, by their labels.
_CRS_PARAMS = {"crs", "candidates"}
_WHERE_FILE = _("%(file)s: %(sentence)s")
_WHERE_FEATURE = _("%(file)s, feature %(feature)s: %(sentence)s")
_WHERE_FIELD = _("%(file)s, field “%(field)s”: %(sentence)s")
_WHERE_BOTH = _("%(file)s, feature %(feature)s, field “%(field)s”: %(sentence)s")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth knowing, about a file."""

    code: Code
    file: str = ""
    feature: int | None = None
    field: str | None = None
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """``warning`` where the import can go on."""
        return "warning" if self.code in WARNINGS else "error"

    @property
    def is_error(self) -> bool:
        """Whether it stands in the way of storing anything."""
        return self.severity == "error"

    def sentence(self) -> str:
        """The whole sentence, with its place, in the current language."""
        where = self._where()
        if where is None:
            return self.message()
        places = {"file": self.file, "feature": self.feature, "field": self.field}
        return str(where) % {**places, "sentence": self.message()}

    def message(self) -> str:
        """The sentence without file, feature and field."""
        return str(SENTENCES[self.code]) % {
            key: _word(key, self.params[key]) for key in self.params
        }

    def cause(self) -> str:
        """The sentence without what differs from row to row, to count rows by."""
        reason, value = self.params.get("reason"), self.params.get("value")
        if reason is None:
            return self.message()
        return str(reason).replace(str(value), "…") if value not in (None, "") else str(reason)

    def _where(self) -> Promise | None:
        if self.feature is not None:
            return _WHERE_BOTH if self.field else _WHERE_FEATURE
        if self.field:
            return _WHERE_FIELD
        return _WHERE_FILE if self.file else None

    def at(self, *, file: str | None = None, field: str | None = None) -> Problem:
        """The same problem, with a place filled in."""
        return replace(
            self,
            file=self.file if file is None else file,
            field=self.field if field is None else field,
        )

    def __str__(self) -> str:
        return self.sentence()


def _word(name: str, value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_word(name, one) for one in value)
    return crs_words(str(value)) if name in _CRS_PARAMS else str(value)


class ImportRefused(Exception):
    """The file as a whole cannot be read; ``problems`` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return " ".join(f"{problem.code}: {problem.file}" for problem in self.problems)


def refuse(code: Code, file: str = "", **params: object) -> ImportRefused:
    """An exception with one problem, to be raised."""
    return ImportRefused(Problem(code, file=file, params=params))


def sentences(problems: Iterable[Problem]) -> str:
    """All of them, a line each."""
    return "\n".join(problem.sentence() for problem in problems)


def megabytes(size: int) -> str:
    """A size in bytes as a limit is told."""
    return f"{size >> 20} MB"
