"""One feature of a file to what it asks of a site, or to the problems that keep it out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.importing.problems import Code, Problem
from layers.importing.staging import StagedRow
from projects import attributes, editing
from projects.bulk.check import AttributeCheck
from projects.importing.mapping import ATTRIBUTE
from projects.importing.values import Unfit, as_date, as_money, as_text, as_type
from projects.models import District, Programme, Site

_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")
_SPANS = (("planned_start", "planned_end"), ("actual_start", "actual_end"))
_REMEMBERED = 10_000
Reader = Callable[[Any], Any]
_READ: dict[str, Reader] = {"investment": as_money} | dict.fromkeys(_DATES, as_date)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row asks for: only what its file says. plain: site fields without the code."""

    row: StagedRow
    code: str
    plain: dict[str, Any]
    attributes: dict[str, Any]


class RowReader:
    """Reads the rows of one file for one programme. A code may stand once in the whole file."""

    def __init__(self, file: str, programme: Programme, mapping: Mapping[str, str]) -> None:
        self._file = file
        self._schema = programme.attribute_schema
        self._check = AttributeCheck(self._schema)
        self._districts = Districts()
        self._plain = [
            (column, target, _remembered(self._plain_reader(target)))
            for column, target in mapping.items()
            if not target.startswith(ATTRIBUTE)
        ]
        self._attributes = [
            (column, target.removeprefix(ATTRIBUTE), _remembered(self._attribute_reader(target)))
            for column, target in mapping.items()
            if target.startswith(ATTRIBUTE)
        ]
        self._columns = {target: column for column, target in mapping.items()}
        self._seen: set[str] = set()

    def read(self, row: StagedRow, problems: list[Problem]) -> Wanted | None:
        """What the row asks for; None when it cannot be had, and ``problems`` then say why."""
        before = len(problems)
        plain: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        self._fill(row, self._plain, plain, problems, "")
        self._fill(row, self._attributes, extra, problems, ATTRIBUTE)
        code = plain.pop("code", "")
        problems += self._code_problems(row, code) if len(problems) == before else []
        return None if len(problems) > before else Wanted(row, code, plain, extra)

    def misfits(self, wanted: Wanted, site: Site | None) -> list[Problem]:
        """What keeps a row from becoming a new site (None), or from changing the one that is there."""
        former = {} if site is None else site.attributes
        values = {**former, **wanted.attributes}
        found = [
            self._refused(
                wanted.row,
                ATTRIBUTE + problem.field,
                values.get(problem.field, "-"),
                problem.sentence,
            )
            for problem in self._check.problems(values)
        ]
        for start, end in _SPANS:
            first = wanted.plain.get(start, getattr(site, start, None))
            last = wanted.plain.get(end, getattr(site, end, None))
            if first is not None and last is not None and last < first:
                told = end if end in wanted.plain else start
                reason = _("The end lies before the start.")
                found.append(self._refused(wanted.row, told, wanted.plain[told], reason))
        return found

    def drafts(
        self, new: Sequence[Wanted], *, published: bool, is_demonstration: bool
    ) -> list[editing.SiteDraft]:
        """New sites as the writer takes them; where no district is given, it is the one that they lie in."""
        unplaced = [one for one in new if "district" not in one.plain]
        found = iter(self._districts.around([one.row.geometry for one in unplaced]))
        return [
            editing.SiteDraft(
                **{
                    "code": one.code,
                    "name": one.code,
                    "district": None if "district" in one.plain else next(found),
                    **one.plain,
                },
                geom=one.row.whole,
                source_crs=one.row.source_crs,
                attributes=one.attributes,
                published=published,
                is_demonstration=is_demonstration,
            )
            for one in new
        ]

    def place(self, wanted: Wanted) -> District | None:
        """The district that a new site would be in: the one that is given, else the one that it lies in."""
        given: District | None = wanted.plain.get("district")
        return given or self._districts.around([wanted.row.geometry])[0]

    def changes(self, wanted: Wanted, site: Site, *, is_moved: bool) -> dict[str, Any]:
        """The site's plain fields as the row has them; one that moved gets its new district and source CRS."""
        if not is_moved:
            return wanted.plain
        moved = {**wanted.plain, "source_crs": wanted.row.source_crs}
        if "district" not in moved:
            moved["district"] = self._districts.around([wanted.row.geometry])[0]
        return moved

    def _fill(
        self,
        row: StagedRow,
        fields: Sequence[tuple[str, str, Reader]],
        values: dict[str, Any],
        problems: list[Problem],
        prefix: str,
    ) -> None:
        given = row.properties
        for column, field, read in fields:
            value = given.get(column)
            if value is None:
                continue
            try:
                found = read(value)
            except Unfit as unfit:
                problems.append(self._refused(row, prefix + field, value, unfit.reason))
                continue
            if found != "":
                values[field] = found

    def _plain_reader(self, target: str) -> Reader:
        if target == "district":
            return self._districts.named
        if target in _READ:
            return _READ[target]
        lengths = {field.name: field.max_length for field in Site._meta.concrete_fields}
        return partial(as_text, longest=lengths[target])

    def _attribute_reader(self, target: str) -> Reader:
        spec = self._schema["properties"][target.removeprefix(ATTRIBUTE)]
        return partial(as_type, wanted=spec.get("type"))

    def _code_problems(self, row: StagedRow, code: str) -> list[Problem]:
        column = self._columns["code"]
        if not code:
            return [Problem(Code.MISSING_CODE, self._file, row.number, column)]
        if code in self._seen:
            return [Problem(Code.DUPLICATE_CODE, self._file, row.number, column, {"value": code})]
        self._seen.add(code)
        return []

    def _refused(self, row: StagedRow, target: str, value: Any, reason: Promise | str) -> Problem:
        """Names the column as the sender does; a field without a column by its title."""
        field = self._columns.get(target) or attributes.title(
            self._schema, target.removeprefix(ATTRIBUTE)
        )
        params = {"value": value, "reason": reason}
        return Problem(Code.REFUSED_ATTRIBUTE, self._file, row.number, field, params)


def _remembered(read: Reader) -> Reader:
    """The same values recur down a column. Blank text is nothing, whatever a field asks for."""
    known: dict[tuple[type, Any], Any] = {}

    def reader(value: Any) -> Any:
        if isinstance(value, (list, dict)):
            return read(value)
        key = (type(value), value)
        if key not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            is_blank = isinstance(value, str) and not value.strip()
            known[key] = "" if is_blank else read(value)
        return known[key]

    return reader


class Districts:
    """The city's districts by name, and by place."""

    def __init__(self) -> None:
        units = list(District.objects.all())
        self._named: dict[str, District] = {}
        for unit in units:
            for word in (unit.code, unit.name, unit.name_en):
                self._named.setdefault(word, unit)
        self._named.pop("", None)
        self._placed = [
            (unit, editing.to_shapely(unit.geom)) for unit in units if unit.geom is not None
        ]
        shapely.prepare([shape for _unit, shape in self._placed])

    def named(self, value: Any) -> District:
        """By GB/T 2260 code or either name. Raises Unfit."""
        word = as_text(value, None)
        if word not in self._named:
            raise Unfit(_("the city has no such district."))
        return self._named[word]

    def around(self, geoms: Sequence[Any]) -> list[District | None]:
        """For each geometry (EPSG:4326) the first district that holds a point on it; None where none does."""
        points = shapely.point_on_surface(np.array(geoms, dtype=object))
        found: list[District | None] = [None] * len(geoms)
        for unit, shape in reversed(self._placed):
            for at in np.flatnonzero(shapely.contains(shape, points)).tolist():
                found[at] = unit
        return found
