"""A file into a layer, from end to end: open, check in columns, write all or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from accounts import audit
from accounts.audit import Action
from accounts.models import User
from gis_projects.behind import behind
from layers import bulk, sources
from layers.importing.archive import Part
from layers.importing.problems import Code, Problem
from layers.importing.source import Source
from layers.importing.staging import StagedChunk, opened, stage_chunks
from layers.loading import batches, properties
from layers.loading.report import LayerOptions, LayerReport
from layers.models import Batch, Feature, Layer

# More is of no use to a reader; nothing will be stored after the first.
MAX_REFUSALS = 200
_COLUMNS = ("layer", "batch", "name", "name_en", "geom", "source_geom", "properties")
Progress = Callable[[int, int | None], None]
Insert = Callable[[Mapping[str, bulk.Column]], None]


class _Undo(Exception):
    """Leaves the transaction of a dry run, or of an import with refusals."""


def import_layer(
    parts: Sequence[Path | Part],
    options: LayerOptions,
    *,
    by: User | None,
    dry_run: bool,
    progress: Progress | None = None,
) -> LayerReport:
    """Import one file into a layer; nothing is stored when anything is refused or on a dry run.

    Names, types, widths and order of the columns are kept on the layer, with the CRS and the encoding of the file;
    values are kept in ``Feature.properties``. progress: told how many features are done, of how many (None: unknown);
    it leaves the database alone. Raises layers.importing.problems.ImportRefused when the file itself cannot be read.
    """
    report = LayerReport()
    with opened(parts, encoding=options.encoding, layer=options.layer) as source:
        _describe(report, source, options)
        if report.refused:
            return report
        try:
            with transaction.atomic(), audit.gathered():
                report.batch = _Load(report, source, options, by, progress).run()
                if dry_run or report.refused:
                    raise _Undo
        except _Undo:
            report.batch = None
    return report


def _describe(report: LayerReport, source: Source, options: LayerOptions) -> None:
    report.file = source.file
    report.encoding = source.encoding.encoding if source.encoding else "utf-8"
    report.columns = [column.name for column in source.fields]
    report.problems.extend(source.warnings)
    report.problems += _key_problems(options, source.file)
    if options.name_column is not None and options.name_column not in report.columns:
        params = {"choices": report.columns}
        report.problems.append(
            Problem(Code.NO_SUCH_COLUMN, source.file, field=options.name_column, params=params)
        )


def _key_problems(options: LayerOptions, file: str) -> list[Problem]:
    key = options.key
    exists = Layer.objects.filter(key=key).exists()
    if options.mode != "new":
        choices = list(Layer.objects.values_list("key", flat=True))
        params = {"layer": key, "choices": choices}
        return [] if exists else [Problem(Code.NO_SUCH_LAYER, file, params=params)]
    try:
        validate_slug(key)
        is_slug = len(key) <= (Layer._meta.get_field("key").max_length or 0)
    except ValidationError:
        is_slug = False
    if not is_slug:
        return [Problem(Code.LAYER_KEY, file, params={"key": key})]
    if exists or sources.is_registered(key):
        return [Problem(Code.LAYER_EXISTS, file, params={"key": key})]
    return []


class _Load:
    """One file on its way into one layer, inside the caller's transaction."""

    def __init__(
        self,
        report: LayerReport,
        source: Source,
        options: LayerOptions,
        by: User | None,
        progress: Progress | None,
    ) -> None:
        self._report = report
        self._source = source
        self._options = options
        self._by = by
        self._progress = progress
        self._name_column = options.name_column or properties.name_column(report.columns)

    def run(self) -> Batch:
        layer, former = self._layer()
        batch = Batch.objects.create(
            layer=layer,
            file=self._source.file[:255],
            columns=[
                {"name": one.name, "type": one.type, "width": one.width}
                for one in self._source.fields
            ],
            encoding=self._report.encoding[:40],
            by=self._by,
        )
        self._write(batch)
        if not self._report.refused:
            self._finish(layer, batch)
            action = Action.UPDATED if former else Action.CREATED
            batches.record(layer, action, former, by=self._by)
        return batch

    def _layer(self) -> tuple[Layer, dict[str, object]]:
        """The layer, and what it was before: nothing when it is new."""
        options = self._options
        if options.mode == "new":
            name = (options.name or options.key)[:120]
            return Layer.objects.create(key=options.key, name=name, published=options.publish), {}
        layer = Layer.objects.select_for_update().get(key=options.key)
        return layer, batches.facts(layer)

    def _write(self, batch: Batch) -> None:
        options = self._options
        staged = stage_chunks(
            self._source,
            kinds=None,
            bbox=options.bbox,
            crs=options.crs,
            handling=options.handling,
            place=options.place,
        )
        with bulk.writing(Feature, _COLUMNS) as insert, behind():
            self._take_all(staged, batch, insert)

    def _take_all(
        self, staged: Iterator[StagedChunk | Problem], batch: Batch, insert: Insert
    ) -> None:
        done = 0
        for found in staged:
            if isinstance(found, Problem):
                self._report.problems.append(found)
                continue
            self._take(found, batch, insert)
            done += len(found)
            if self._progress is not None:
                self._progress(done, self._source.count)
            if len(self._report.refused) > MAX_REFUSALS:
                self._stop()
                return

    def _take(self, chunk: StagedChunk, batch: Batch, insert: Insert) -> None:
        report = self._report
        report.crs = chunk.source_crs
        if not report.samples and len(chunk):
            first = chunk.properties[0]
            report.samples = {k: "" if v is None else str(v) for k, v in first.items()}
        placeless = self._placeless(chunk)
        report.problems += [
            problem for at, problem in sorted(chunk.problems.items()) if at not in placeless
        ]
        if report.refused:  # nothing will be stored any more, so nothing is written
            return
        geoms = chunk.geometries
        if placeless:
            geoms = geoms.copy()
            geoms[list(placeless)] = None
        insert(
            {
                "layer": bulk.Same(batch.layer_id),
                "batch": bulk.Same(batch.pk),
                "name": properties.names(chunk.properties, self._name_column),
                "name_en": bulk.Same(""),
                "geom": bulk.geometries(geoms),
                "source_geom": bulk.Same(None)
                if chunk.surveyed is None
                else bulk.raised(chunk.surveyed),
                "properties": properties.texts(chunk.properties),
            }
        )
        report.count += len(chunk)
        report.without_place += len(placeless)

    def _placeless(self, chunk: StagedChunk) -> set[int]:
        if not self._options.keep_empty:
            return set()
        found = chunk.problems.items()
        return {at for at, problem in found if problem.code is Code.EMPTY_GEOMETRY}

    def _finish(self, layer: Layer, batch: Batch) -> None:
        batch.source_crs, batch.count = self._report.crs[:200], self._report.count
        batch.save(update_fields=["source_crs", "count"])
        if self._options.mode == "replace":
            batches.replace_all(layer, batch)
        batches.settle(layer)

    def _stop(self) -> None:
        params = {"limit": MAX_REFUSALS}
        refusals = self._report.refused[:MAX_REFUSALS]
        last = Problem(Code.TOO_MANY_PROBLEMS, self._report.file, params=params)
        self._report.problems = [*self._report.warnings, *refusals, last]
