"""Files from other bureaus become sites: map the columns, say what would happen, then write all or nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from gis_projects.http.problems import ImportRefused as ImportRefusedProblem
from gis_projects.http.problems import Problem as HttpProblem
from layers.importing.archive import Part
from layers.importing.problems import Code, Problem
from layers.importing.source import Source
from layers.importing.staging import StagedRow, opened, stage
from projects import attributes, editing
from projects.models import City, District, Programme, Site

# What bureaus call the fields that every site has. Attributes are found by their key and titles.
SYNONYMS = {
    "code": {"code", "编码", "编号", "项目编号", "图斑编号", "tbbh", "小班号"},
    "name": {"name", "名称", "项目名称", "小区名称"},
    "name_en": {"name_en", "英文名称"},
    "district": {"district", "县区", "县市区", "行政区", "区县"},
    "address": {"address", "地址", "位置"},
    "planned_start": {"planned_start", "计划开工"},
    "planned_end": {"planned_end", "计划完工", "计划竣工"},
    "actual_start": {"actual_start", "实际开工"},
    "actual_end": {"actual_end", "实际完工", "实际竣工"},
    "investment": {"investment", "总投资", "投资万元"},
}
DATES = {"planned_start", "planned_end", "actual_start", "actual_end"}
ATTRIBUTE = "attributes."


@dataclass(frozen=True)
class ImportOptions:
    """encoding and crs are detected when None. mapping: column → site field or ``attributes.<key>``."""

    encoding: str | None = None
    crs: str | int | None = None
    layer: str | None = None
    mapping: Mapping[str, str] | None = None
    publish: bool = False
    is_demonstration: bool = False
    on: dt.date = field(default_factory=dt.date.today)


@dataclass(frozen=True)
class RowOutcome:
    """number: 1-based place in the file; outcome: created | updated | unchanged."""

    number: int
    code: str
    outcome: str


@dataclass
class ImportReport:
    """What an import did, or would do: rows by outcome, refusals and warnings with their sentences."""

    file: str = ""
    encoding: str = ""
    crs: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    rows: list[RowOutcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    stored: bool = False

    @property
    def refused(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_error]

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def created(self) -> int:
        return self.count("created")

    @property
    def updated(self) -> int:
        return self.count("updated")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")


class _Undo(Exception):
    """Leaves the transaction of a dry run, or of an import with refusals."""


def import_sites(
    programme: Programme,
    parts: list[Path | Part],
    options: ImportOptions,
    *,
    by: User | None,
    dry_run: bool,
) -> ImportReport:
    """Import one file into a programme; nothing is stored when anything is refused or on a dry run.

    Raises layers.importing.problems.ImportRefused when the file itself cannot be read.
    """
    report = ImportReport()
    with opened(parts, encoding=options.encoding, layer=options.layer) as source:
        _describe(report, source, programme, options)
        try:
            with transaction.atomic():
                _write_rows(report, source, programme, options, by)
                if dry_run or report.refused:
                    raise _Undo
                report.stored = True
        except _Undo:
            pass
    return report


def suggest_mapping(programme: Programme, columns: Iterable[str]) -> dict[str, str]:
    """A guess for each column that looks like a field: by key, by title, by what bureaus call it."""
    names = {name: target for target, known in SYNONYMS.items() for name in known}
    for key, spec in programme.attribute_schema.get("properties", {}).items():
        for name in (key, spec.get("title"), spec.get("title_en")):
            if name:
                names.setdefault(str(name).lower(), ATTRIBUTE + key)
    taken: set[str] = set()
    mapping = {}
    for column in columns:
        target = names.get(column.strip().lower()) or _by_cut_title(programme, column)
        if target and target not in taken:
            taken.add(target)
            mapping[column] = target
    return mapping


def _by_cut_title(programme: Programme, column: str) -> str | None:
    """A DBF cuts names at ten bytes, which is three to five Chinese characters of a longer title."""
    if len(column) < 2 or column.isascii():
        return None
    for key, spec in programme.attribute_schema.get("properties", {}).items():
        if str(spec.get("title", "")).startswith(column):
            return ATTRIBUTE + key
    return None


def _describe(
    report: ImportReport, source: Source, programme: Programme, options: ImportOptions
) -> None:
    report.file = source.file
    report.encoding = source.encoding.encoding if source.encoding else "utf-8"
    report.columns = [column.name for column in source.fields]
    report.problems.extend(source.warnings)
    if options.mapping is None:
        report.mapping = suggest_mapping(programme, report.columns)
    else:
        report.mapping = {column: target for column, target in options.mapping.items() if target}


def _write_rows(
    report: ImportReport,
    source: Source,
    programme: Programme,
    options: ImportOptions,
    by: User | None,
) -> None:
    bbox = City.objects.get().bbox
    known = {site.code: site for site in programme.sites.select_related("programme", "district")}
    districts = list(District.objects.all())
    seen: set[str] = set()
    for item in stage(source, kinds=set(programme.geometry_kinds), bbox=bbox, crs=options.crs):
        if isinstance(item, Problem):
            report.problems.append(item)
            continue
        report.crs = item.source_crs
        outcome = _Row(report, programme, options, by, districts).write(item, known, seen)
        if outcome is not None:
            report.rows.append(outcome)


@dataclass
class _Row:
    """One feature on its way to becoming a site."""

    report: ImportReport
    programme: Programme
    options: ImportOptions
    by: User | None
    districts: list[District]

    def write(self, row: StagedRow, known: dict[str, Site], seen: set[str]) -> RowOutcome | None:
        values, extra = self._values(row)
        code = str(values.get("code") or "").strip()
        if not code:
            return self._refuse(row, Code.MISSING_CODE, "code")
        if code in seen:
            return self._refuse(row, Code.DUPLICATE_CODE, "code", value=code)
        seen.add(code)
        found = attributes.problems(self.programme.attribute_schema, extra)
        for problem in found:
            self._refuse(
                row,
                Code.REFUSED_ATTRIBUTE,
                problem.field,
                value=extra.get(problem.field),
                reason=problem.sentence,
            )
        if found:
            return None
        try:
            return self._store(row, code, values, extra, known.get(code))
        except (HttpProblem, ValueError, InvalidOperation) as error:
            return self._refuse(row, Code.REFUSED_ATTRIBUTE, "", value=code, reason=str(error))

    def _values(self, row: StagedRow) -> tuple[dict[str, Any], dict[str, Any]]:
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        properties = self.programme.attribute_schema.get("properties", {})
        for column, target in self.report.mapping.items():
            value = row.properties.get(column)
            if value is None:
                continue
            if target.startswith(ATTRIBUTE):
                key = target.removeprefix(ATTRIBUTE)
                extra[key] = _as_type(value, properties.get(key, {}).get("type"))
            else:
                values[target] = value
        return values, extra

    def _store(
        self,
        row: StagedRow,
        code: str,
        values: dict[str, Any],
        extra: dict[str, Any],
        site: Site | None,
    ) -> RowOutcome:
        plain = self._plain(row, values)
        if site is None:
            draft = editing.SiteDraft(
                code=code,
                geom=row.geometry,
                attributes=extra,
                source_crs=row.source_crs,
                published=self.options.publish,
                is_demonstration=self.options.is_demonstration,
                **plain,
            )
            editing.create_site(self.programme, draft, by=self.by, on=self.options.on)
            return RowOutcome(row.number, code, "created")
        merged = {**site.attributes, **extra}
        after = editing.update_site(site, plain, geom=row.geometry, new_attributes=merged)
        return RowOutcome(
            row.number, code, "unchanged" if after.revision == site.revision else "updated"
        )

    def _plain(self, row: StagedRow, values: dict[str, Any]) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, value in values.items():
            if key in DATES:
                plain[key] = (
                    value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
                )
            elif key == "investment":
                plain[key] = Decimal(str(value)).quantize(Decimal("0.01"))
            elif key not in {"code", "district"}:
                plain[key] = str(value).strip()
        plain["district"] = self._district(row, values.get("district"))
        plain.setdefault("name", str(values.get("code")))
        return plain

    def _district(self, row: StagedRow, given: Any) -> District | None:
        """By name or code as the file says, else by where the geometry lies."""
        if given is not None:
            word = str(given).strip()
            for district in self.districts:
                if word in {district.code, district.name, district.name_en}:
                    return district
            raise ValueError(str(gettext_lazy("unknown district “%s”")) % word)
        point = row.geometry.representative_point()
        here = Point(point.x, point.y, srid=4326)
        return next(
            (unit for unit in self.districts if unit.geom and unit.geom.contains(here)), None
        )

    def _refuse(self, row: StagedRow, code: Code, name: str, **params: Any) -> None:
        self.report.problems.append(
            Problem(
                code, file=self.report.file, feature=row.number, field=name or None, params=params
            )
        )


def _as_type(value: Any, wanted: str | None) -> Any:
    """The nearest value of the schema's type; what does not fit stays as it is, for the schema to refuse."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if wanted == "string" and not isinstance(value, str):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if wanted in {"integer", "number"} and isinstance(value, str):
        try:
            return int(value) if wanted == "integer" else float(value)
        except ValueError:
            return value
    return value


def refused_problem(problems: Iterable[Problem]) -> ImportRefusedProblem:
    """The refusals of a file as one answer."""
    sentences = [problem.sentence() for problem in problems]
    return ImportRefusedProblem(" ".join(sentences), problems=sentences)
