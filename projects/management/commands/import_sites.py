"""manage.py import_sites PROGRAMME FILE… : bring another bureau's file into a programme."""

import dataclasses
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_projects.http.problems import RevisionConflict
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused, sentences
from projects.importing import ImportOptions, ImportReport, import_sites
from projects.importing.direct import import_files
from projects.importing.flags import add_reading_flags, handling_of
from projects.importing.work import rare_collections
from projects.models import ImportJob, Programme


class Command(BaseCommand):
    help = "Import a shapefile (zip or parts), GeoPackage or GeoJSON into a programme, whole or not at all."
    # The checks of the code look at every page of the site: half a second, and nothing to do with a file.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programme", help="the programme's key")
        parser.add_argument(
            "files", nargs="+", type=Path, help="one data set: a file, a zip, or its parts"
        )
        add_reading_flags(parser)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="name every column that is wanted; a FIELD is code, name … or attributes.KEY",
        )
        parser.add_argument("--dry-run", action="store_true", help="report, store nothing")
        parser.add_argument("--publish", action="store_true", help="new sites are public at once")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(key=options["programme"]).first()
        if programme is None:
            known = ", ".join(Programme.objects.values_list("key", flat=True))
            raise CommandError(
                _("There is no programme “%(key)s”. There are: %(known)s")
                % {"key": options["programme"], "known": known}
            )
        choices = ImportOptions(
            encoding=options["encoding"],
            crs=options["crs"],
            **dataclasses.asdict(handling_of(options)),
            layer=options["layer"],
            mapping=_mapping(options["map"]),
            publish=options["publish"],
        )
        try:
            with rare_collections():
                report, job = _run(programme, options["files"], choices, options["dry_run"])
        except ImportRefused as refused:
            raise CommandError(sentences(refused.problems)) from refused
        except RevisionConflict as conflict:
            raise CommandError(str(conflict.detail)) from conflict
        self._print(report)
        if job is not None:
            self.stdout.write(_("To take it back: manage.py undo_import %(job)s") % {"job": job.pk})

    def _print(self, report: ImportReport) -> None:
        self.stdout.write(f"{report.file}: {report.encoding}, {report.crs or '-'}")
        for problem in report.warnings:
            self.stdout.write(problem.sentence())
        counts = {"created": report.created, "updated": report.updated}
        self.stdout.write(
            _("%(created)s new, %(updated)s updated, %(unchanged)s unchanged, %(refused)s refused")
            % {**counts, "unchanged": report.unchanged, "refused": len(report.refused)}
        )
        if report.refused:
            raise CommandError(sentences(report.refused) + "\n" + _("Nothing was stored"))
        if not report.stored:
            self.stdout.write(_("This was a check: nothing was stored."))


def _run(
    programme: Programme, files: list[Path | Part], choices: ImportOptions, dry_run: bool
) -> tuple[ImportReport, ImportJob | None]:
    if dry_run:
        return import_sites(programme, files, choices, by=None, dry_run=True), None
    return import_files(programme, files, choices)


def _mapping(pairs: list[str]) -> dict[str, str] | None:
    for pair in pairs:
        if "=" not in pair:
            raise CommandError(f"--map {pair}: COLUMN=FIELD")
    return dict(pair.split("=", 1) for pair in pairs) if pairs else None
