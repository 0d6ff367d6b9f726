"""Features of a file, a chunk at a time, to what they ask of sites, or to the problems that keep them out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from gis_projects.columns import mapped
from layers.bulk import Column, Same
from layers.importing.problems import Code, Problem
from layers.importing.staging import StagedChunk
from projects import attributes
from projects.bulk.check import AttributeCheck
from projects.bulk.columns import ABSENT, DEFAULTS, NAMES, SiteColumns
from projects.importing.codes import Codes
from projects.importing.districts import Districts
from projects.importing.mapping import ATTRIBUTE
from projects.importing.values import Unfit, as_date, as_money, as_text, as_type
from projects.models import District, Programme, Site

_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")
_SPANS = (("planned_start", "planned_end"), ("actual_start", "actual_end"))
Reader = Callable[[Any], Any]
_READ: dict[str, Reader] = {"investment": as_money} | dict.fromkeys(_DATES, as_date)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one row asks for: only what its file says. plain: site fields without the code.

    geometry: in two dimensions; surveyed: with its heights, None where none are kept.
    """

    number: int
    code: str
    plain: dict[str, Any]
    attributes: dict[str, Any]
    geometry: BaseGeometry
    surveyed: BaseGeometry | None
    source_crs: str

    @property
    def whole(self) -> BaseGeometry:
        """With its heights where they are kept, else the geometry."""
        return self.geometry if self.surveyed is None else self.surveyed


@dataclass(frozen=True)
class Rows:
    """Rows of a chunk that can be had, in columns: target to values, None where the file says nothing.

    geoms: in two dimensions; surveyed: as in ``StagedChunk``.
    """

    numbers: list[int]
    codes: list[str]
    geoms: np.ndarray
    surveyed: np.ndarray | None
    plain: dict[str, list[Any]]
    attributes: dict[str, list[Any]]
    source_crs: str

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def whole(self) -> np.ndarray:
        """With their heights where they are kept."""
        if self.surveyed is None:
            return self.geoms
        return np.where(shapely.is_missing(self.surveyed), self.geoms, self.surveyed)

    def row(self, at: int) -> Wanted:
        """One of them by itself."""
        plain = {name: some[at] for name, some in self.plain.items()}
        own = {key: some[at] for key, some in self.attributes.items()}
        return Wanted(
            self.numbers[at],
            self.codes[at],
            {name: value for name, value in plain.items() if value is not None},
            {key: value for key, value in own.items() if value is not None},
            self.geoms[at],
            None if self.surveyed is None else self.surveyed[at],
            self.source_crs,
        )


class RowReader:
    """Reads the rows of one file for one programme. A code may stand once in the whole file."""

    def __init__(self, file: str, programme: Programme, mapping: Mapping[str, str]) -> None:
        self._file = file
        self._schema = programme.attribute_schema
        self._check = AttributeCheck(self._schema)
        self._districts = Districts()
        targets = sorted(mapping.items(), key=lambda pair: pair[1].startswith(ATTRIBUTE))
        self._readers = [(column, target, self._reader(target)) for column, target in targets]
        self._columns = {target: column for column, target in mapping.items()}
        self._codes = Codes()

    def read(self, chunk: StagedChunk, problems: list[Problem]) -> Rows:
        """What the rows ask for; those that cannot be had are not among them, and ``problems`` then say why."""
        values = {
            target: mapped(read, [row.get(column) for row in chunk.properties])
            for column, target, read in self._readers
        }
        good = np.ones(len(chunk), dtype=bool)
        good[list(chunk.problems)] = False
        self._leave_unfit(chunk, values, good, problems)
        self._leave_without_code(chunk, values["code"], good, problems)
        places = np.flatnonzero(good).tolist()
        if len(places) < len(chunk):
            values = {name: [some[at] for at in places] for name, some in values.items()}
        return Rows(
            chunk.numbers[good].tolist(),
            values.pop("code"),
            chunk.geometries[good],
            None if chunk.surveyed is None else chunk.surveyed[good],
            {name: some for name, some in values.items() if not name.startswith(ATTRIBUTE)},
            {
                name.removeprefix(ATTRIBUTE): some
                for name, some in values.items()
                if name.startswith(ATTRIBUTE)
            },
            chunk.source_crs,
        )

    def _leave_unfit(
        self,
        chunk: StagedChunk,
        values: Mapping[str, list[Any]],
        good: np.ndarray,
        problems: list[Problem],
    ) -> None:
        """Rows with a value that its field cannot take."""
        unfit = {
            at
            for some in values.values()
            if Unfit in set(map(type, some))
            for at, value in enumerate(some)
            if type(value) is Unfit and good[at]
        }
        for at in sorted(unfit):
            for column, target, _read in self._readers:
                found = values[target][at]
                if isinstance(found, Unfit):
                    given = chunk.properties[at][column]
                    number = int(chunk.numbers[at])
                    problems.append(self._refused(number, target, given, found.reason))
        good[list(unfit)] = False

    def _leave_without_code(
        self,
        chunk: StagedChunk,
        codes: Sequence[str | None],
        good: np.ndarray,
        problems: list[Problem],
    ) -> None:
        """Rows without a code, or with one that came before."""
        column = self._columns["code"]
        for at in np.flatnonzero(good).tolist():
            if codes[at] is None:
                good[at] = False
                problems.append(
                    Problem(Code.MISSING_CODE, self._file, int(chunk.numbers[at]), column)
                )
        places = np.flatnonzero(good).tolist()
        are_new = self._codes.are_new([codes[at] or "" for at in places])
        for at, is_new in zip(places, are_new, strict=True):
            if not is_new:
                good[at] = False
                number, params = int(chunk.numbers[at]), {"value": codes[at]}
                problems.append(Problem(Code.DUPLICATE_CODE, self._file, number, column, params))

    def doubtful(self, rows: Rows) -> set[int]:
        """Positions of the rows that ``misfits`` may have something to say of, were they new sites."""
        fits = self._check.fit(rows.attributes, len(rows))
        for start, end in _SPANS:
            if start in rows.plain and end in rows.plain:
                pairs = zip(rows.plain[start], rows.plain[end], strict=True)
                for at, (first, last) in enumerate(pairs):
                    fits[at] &= first is None or last is None or first <= last
        return set(np.flatnonzero(~fits).tolist())

    def misfits(self, wanted: Wanted, site: Site | None) -> list[Problem]:
        """What keeps a row from becoming a new site (None), or from changing the one that is there."""
        former = {} if site is None else site.attributes
        values = {**former, **wanted.attributes}
        found = [
            self._unfit(wanted.number, values, problem) for problem in self._check.problems(values)
        ]
        for start, end in _SPANS:
            first = wanted.plain.get(start, getattr(site, start, None))
            last = wanted.plain.get(end, getattr(site, end, None))
            if first is not None and last is not None and last < first:
                told = end if end in wanted.plain else start
                reason = _("The end lies before the start.")
                found.append(self._refused(wanted.number, told, wanted.plain[told], reason))
        return found

    def new_sites(
        self, rows: Rows, places: Sequence[int], *, published: bool, is_demonstration: bool
    ) -> SiteColumns:
        """Some of the rows as new sites; where no district is given, it is the one that they lie in."""
        if len(places) == len(rows):
            taken: Callable[[Sequence[Any]], Sequence[Any]] = lambda some: some  # noqa: E731
        else:
            taken = lambda some: [some[at] for at in places]  # noqa: E731
        plain: dict[str, Column] = {name: Same(value) for name, value in DEFAULTS.items()}
        plain["name"] = plain["code"] = taken(rows.codes)
        for name in NAMES:
            if name in rows.plain:
                plain[name] = _filled(taken(rows.plain[name]), plain[name])
        here = list(places)
        plain["district"] = self._placed(plain["district"], rows.geoms[here])
        plain["source_crs"] = Same(rows.source_crs)
        plain["published"], plain["is_demonstration"] = Same(published), Same(is_demonstration)
        own = {
            key: [ABSENT if value is None else value for value in taken(some)]
            for key, some in rows.attributes.items()
        }
        return SiteColumns(rows.whole[here], plain, own)

    def _placed(self, given: Column, geoms: np.ndarray) -> Column:
        found = [given.value] * len(geoms) if isinstance(given, Same) else list(given)
        unplaced = [at for at, unit in enumerate(found) if unit is None]
        if unplaced:
            for at, unit in zip(unplaced, self._districts.around(geoms[unplaced]), strict=True):
                found[at] = unit
        return found

    def place(self, wanted: Wanted) -> District | None:
        """The district that a new site would be in: the one that is given, else the one that it lies in."""
        given: District | None = wanted.plain.get("district")
        return given or self._districts.around([wanted.geometry])[0]

    def changes(self, wanted: Wanted, site: Site, *, is_moved: bool) -> dict[str, Any]:
        """The site's plain fields as the row has them; one that moved gets its new district and source CRS."""
        if not is_moved:
            return wanted.plain
        moved = {**wanted.plain, "source_crs": wanted.source_crs}
        if "district" not in moved:
            moved["district"] = self._districts.around([wanted.geometry])[0]
        return moved

    def _reader(self, target: str) -> Reader:
        if target == "district":
            return partial(_read, self._districts.named)
        if target in _READ:
            return partial(_read, _READ[target])
        if target.startswith(ATTRIBUTE):
            spec = self._schema["properties"][target.removeprefix(ATTRIBUTE)]
            return partial(_read, partial(as_type, wanted=spec.get("type")))
        lengths = {field.name: field.max_length for field in Site._meta.concrete_fields}
        return partial(_read, partial(as_text, longest=lengths[target]))

    def _unfit(
        self, number: int, values: Mapping[str, Any], problem: attributes.AttributeProblem
    ) -> Problem:
        target = ATTRIBUTE + problem.field
        if problem.field in values:
            return self._refused(number, target, values[problem.field], problem.sentence)
        return Problem(Code.MISSING_ATTRIBUTE, self._file, number, self._title(target))

    def _refused(self, number: int, target: str, value: Any, reason: Promise | str) -> Problem:
        params = {"value": value, "reason": reason}
        return Problem(Code.REFUSED_ATTRIBUTE, self._file, number, self._title(target), params)

    def _title(self, target: str) -> str:
        """The column as the sender names it; a field without a column has its own title."""
        own = attributes.title(self._schema, target.removeprefix(ATTRIBUTE))
        return self._columns.get(target) or own


def _read(read: Reader, value: Any) -> Any:
    """What a field makes of a value; None of nothing, which blank text is too; an Unfit where it can make nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        found = read(value)
    except Unfit as unfit:
        return unfit
    return None if found == "" else found


def _filled(column: Sequence[Any], default: Column) -> Column:
    """The column with what stands where nothing is said."""
    if None not in column:
        return column
    if isinstance(default, Same):
        return [default.value if value is None else value for value in column]
    return [own if value is None else value for value, own in zip(column, default, strict=True)]
