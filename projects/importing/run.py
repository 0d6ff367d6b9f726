"""An import from end to end: open, read in batches, compare with what is there, write all or nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from accounts import audit
from accounts.models import User
from gis_projects.behind import behind
from gis_projects.geo.gcj02 import NAMES
from gis_projects.http.problems import RevisionConflict
from layers import bulk
from layers.importing.archive import Part
from layers.importing.displaced import suspect
from layers.importing.problems import Code, Problem
from layers.importing.source import Source
from layers.importing.staging import StagedChunk, StageLimits, opened, stage_chunks
from projects import editing
from projects.bulk.writer import NewSites
from projects.importing.journal import Journal, former_values
from projects.importing.mapping import ATTRIBUTE, mapping_problems, suggest_mapping
from projects.importing.report import ImportOptions, ImportReport, RowOutcome
from projects.importing.rows import RowReader, Rows, Wanted
from projects.models import City, Programme, Site
from projects.querysets import WorkArea

BATCH = 5_000  # rows that are read, checked and written together
# More is of no use to a reader; nothing will be stored after the first.
MAX_REFUSALS = 200
_COMPARED = 1_000  # sites that came again, to see whether they are shifted
_CODES = 500  # SQLite before 3.32 takes 999 parameters


class _Undo(Exception):
    """Leaves the transaction of a dry run, or of an import with refusals."""


def import_sites(
    programme: Programme,
    parts: list[Path | Part],
    options: ImportOptions,
    *,
    by: User | None,
    dry_run: bool,
    journal: Journal | None = None,
) -> ImportReport:
    """Import one file into a programme; nothing is stored when anything is refused or on a dry run.

    Sites are known by their code. Of a site that is there, what the file says is changed; what it leaves empty or
    has no column for stays. by: writes only what is assigned to him; None is the system, which may write everything.
    journal: told of every row while it runs. Raises layers.importing.problems.ImportRefused when the file itself
    cannot be read, RevisionConflict when somebody made a site of the same code meanwhile.
    """
    report = ImportReport()
    with opened(parts, encoding=options.encoding, layer=options.layer) as source:
        _describe(report, source, programme, options)
        if report.refused:
            return report
        try:
            with transaction.atomic(), audit.gathered():
                kept = journal or Journal()
                with behind(), bulk.gathered():
                    _Import(report, programme, options, by, kept).run(source)
                if dry_run or report.refused:
                    raise _Undo
                kept.stored()
            report.stored = True
        except _Undo:
            pass
        except IntegrityError as error:
            raise RevisionConflict(
                _("Somebody changed sites of this programme meanwhile. Import the file again.")
            ) from error
    return report


def _describe(
    report: ImportReport, source: Source, programme: Programme, options: ImportOptions
) -> None:
    report.file = source.file
    report.encoding = source.encoding.encoding if source.encoding else "utf-8"
    report.columns = [column.name for column in source.fields]
    report.samples = _samples(source)
    report.problems.extend(source.warnings)
    if options.mapping is None:
        report.mapping = suggest_mapping(programme, report.columns)
    else:
        report.mapping = {column: target for column, target in options.mapping.items() if target}
    report.problems += mapping_problems(programme, report.mapping, report.columns, source.file)


def _samples(source: Source) -> dict[str, str]:
    first = next(source.rows(), None)
    values = {} if first is None else first.properties
    return {name: "" if value is None else str(value) for name, value in values.items()}


class _Import:
    """One file on its way into one programme."""

    def __init__(
        self,
        report: ImportReport,
        programme: Programme,
        options: ImportOptions,
        by: User | None,
        journal: Journal,
    ) -> None:
        self._report = report
        self._journal = journal
        self._programme = programme
        self._options = options
        self._by = by
        self._reader = RowReader(report.file, programme, report.mapping)
        self._new = NewSites(programme, by=by, on=options.on, are_checked=True)
        self._area = WorkArea(by)
        self._has_sites = programme.sites.exists()
        self._pairs: list[tuple[BaseGeometry, BaseGeometry]] = []

    def run(self, source: Source) -> None:
        kinds = set(self._programme.geometry_kinds)
        bbox = City.objects.get().bbox
        how = self._options
        staged = stage_chunks(
            source,
            kinds=kinds,
            bbox=bbox,
            crs=how.crs,
            handling=how.handling,
            limits=StageLimits(chunk=BATCH),
        )
        done, told = 0, len(self._report.problems)
        for found in staged:
            if isinstance(found, Problem):
                self._report.problems.append(found)
                continue
            self._take(found)
            done += len(found)
            self._journal.progress(done, source.count)
            self._report.problems[told:] = sorted(self._report.problems[told:], key=_place)
            told = len(self._report.problems)
            if len(self._report.refused) > MAX_REFUSALS:
                self._stop()
                return
        self._suspect()
        bulk.settle_indexes()
        self._new.finish()

    def _suspect(self) -> None:
        """Sites that come again, all off by what a web map would shift them: said, never corrected unasked."""
        if self._options.offset is not None or not self._pairs:
            return
        came, lay = (np.array(side, dtype=object) for side in zip(*self._pairs, strict=True))
        found = suspect(came, lay)
        if found is not None:
            params = {"metres": round(found.metres), "name": NAMES[found.offset]}
            self._report.problems.append(
                Problem(Code.OFFSET_SUSPECTED, self._report.file, params=params)
            )

    def _take(self, chunk: StagedChunk) -> None:
        report = self._report
        report.problems += [problem for _at, problem in sorted(chunk.problems.items())]
        if len(chunk.problems) < len(chunk):
            report.crs = chunk.source_crs
        rows = self._reader.read(chunk, report.problems)
        outcomes, new = self._settle(rows)
        report.counts.update(row.outcome for row in outcomes)
        self._journal.rows(outcomes)
        if not report.refused:  # nothing will be stored any more, so nothing is written
            how = self._options
            columns = self._reader.new_sites(
                rows, new, published=how.publish, is_demonstration=how.is_demonstration
            )
            self._journal.created(self._new.add(columns))
        self._name(chunk)

    def _name(self, chunk: StagedChunk) -> None:
        """Of the rows that something was said of: their codes, by which their sender finds them again."""
        report = self._report
        numbers = {problem.feature for problem in report.problems} - report.codes.keys()
        column = next(name for name, target in report.mapping.items() if target == "code")
        for at in np.flatnonzero(np.isin(chunk.numbers, [one for one in numbers if one])).tolist():
            code = chunk.properties[at].get(column)
            report.codes[int(chunk.numbers[at])] = "" if code is None else str(code).strip()

    def _settle(self, rows: Rows) -> tuple[list[RowOutcome], list[int]]:
        """What becomes of each row, and which are new sites; those that are there are changed here and now."""
        known = self._known(rows.codes)
        doubtful = self._reader.doubtful(rows)
        outcomes: list[RowOutcome] = []
        new: list[int] = []
        for at, (number, code) in enumerate(zip(rows.numbers, rows.codes, strict=True)):
            site = known.get(code)
            if site is not None:
                found = self._come_again(rows.row(at), site)
                outcomes += [] if found is None else [found]
            elif self._is_welcome(rows, at, at in doubtful):
                outcomes.append(RowOutcome(number, code, "created"))
                new.append(at)
        return outcomes, new

    def _is_welcome(self, rows: Rows, at: int, is_doubtful: bool) -> bool:
        """Whether the row may become a new site; nearly always nothing has to be asked."""
        if not is_doubtful and self._area.is_everywhere:
            return True
        wanted = rows.row(at)
        misfits = self._reader.misfits(wanted, None) or self._foreign(wanted, None)
        self._report.problems += misfits
        return not misfits

    def _come_again(self, wanted: Wanted, site: Site) -> RowOutcome | None:
        misfits = self._reader.misfits(wanted, site) or self._foreign(wanted, site)
        self._report.problems += misfits
        if misfits:
            return None
        changes = self._change(wanted, site)
        outcome = "updated" if changes else "unchanged"
        return RowOutcome(wanted.number, wanted.code, outcome, changes)

    def _change(self, wanted: Wanted, site: Site) -> Mapping[str, tuple[Any, Any]] | None:
        """What differs, now written; None when nothing does.

        Compared without a query first: most rows of a file that comes again say nothing new.
        """
        ground = editing.to_shapely(site.geom)
        if len(self._pairs) < _COMPARED:
            self._pairs.append((wanted.geometry, ground))
        is_moved = not _is_same_ground(ground, wanted.geometry)
        has_risen = wanted.surveyed is not None and editing.heights_differ(site, wanted.surveyed)
        changes = self._reader.changes(wanted, site, is_moved=is_moved)
        merged = {**site.attributes, **wanted.attributes}
        is_same = all(getattr(site, name) == value for name, value in changes.items())
        if is_same and not (is_moved or has_risen) and merged == site.attributes:
            self._journal.unchanged(site)
            return None
        geom = wanted.whole if is_moved or has_risen else None
        former = former_values(site, changes, merged, is_moved=geom is not None)
        if not self._report.refused:
            bulk.settle_indexes()  # the new sites of this import are its neighbours, too
            saved = editing.update_site(
                site, changes, geom=geom, new_attributes=merged, by=self._by
            )
            self._journal.updated(saved, former)
        return _difference(former, changes, merged, geom)

    def _known(self, codes: list[str]) -> dict[str, Site]:
        if not self._has_sites:
            return {}
        sites = Site.objects.filter(programme=self._programme).select_related("district")
        found: dict[str, Site] = {}
        for start in range(0, len(codes), _CODES):
            for site in sites.filter(code__in=codes[start : start + _CODES]):
                found[site.code] = site
        return found

    def _foreign(self, wanted: Wanted, site: Site | None) -> list[Problem]:
        """A row that would be written where its sender has no say: where the site is, or where it would be."""
        if self._area.is_everywhere:
            return []
        if site is None:
            places = [self._reader.place(wanted)]
        else:
            places = [site.district, wanted.plain.get("district", site.district)]
        ids = [None if place is None else place.pk for place in places]
        if all(self._area.covers(self._programme.pk, one) for one in ids):
            return []
        params = {"value": wanted.code}
        return [Problem(Code.NOT_ASSIGNED, self._report.file, wanted.number, params=params)]

    def _stop(self) -> None:
        params = {"limit": MAX_REFUSALS}
        refusals = self._report.refused[:MAX_REFUSALS]
        last = Problem(Code.TOO_MANY_PROBLEMS, self._report.file, params=params)
        self._report.problems = [*self._report.warnings, *refusals, last]


def _difference(
    former: Mapping[str, Any],
    changes: Mapping[str, Any],
    merged: Mapping[str, Any],
    geom: BaseGeometry | None,
) -> dict[str, tuple[Any, Any]]:
    """Field to its old and new value."""
    pairs = {name: (old, changes[name]) for name, old in former["plain"].items()}
    was = former.get("attributes", merged)
    for key, value in merged.items():
        if was.get(key) != value:
            pairs[ATTRIBUTE + key] = (was.get(key), value)
    if geom is not None:
        pairs["geom"] = (former["geom"].representative_point(), geom.representative_point())
    return pairs


def _place(problem: Problem) -> int:
    """As a reader goes through the file: what is said of the whole comes first."""
    return problem.feature or 0


def _is_same_ground(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether the corners are the same, wherever a ring begins and whichever way it runs."""
    return one.equals_exact(other, 0.0) or one.normalize().equals_exact(other.normalize(), 0.0)
