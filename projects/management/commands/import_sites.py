"""manage.py import_sites PROGRAMME FILE… : bring another bureau's file into a programme."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from layers.importing.problems import ImportRefused
from projects.importing import ImportOptions, ImportReport, import_sites
from projects.models import Programme


class Command(BaseCommand):
    help = (
        "Import a shapefile (zip or parts), GeoPackage or GeoJSON into a programme; all or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programme", help="the programme's key")
        parser.add_argument(
            "files", nargs="+", type=Path, help="one data set: a file, a zip, or its parts"
        )
        parser.add_argument("--encoding", help="of the attribute table; detected when left out")
        parser.add_argument("--crs", help="such as EPSG:4529; read from the file when left out")
        parser.add_argument("--layer", help="when the file has several")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD")
        parser.add_argument("--dry-run", action="store_true", help="report, store nothing")
        parser.add_argument("--publish", action="store_true", help="new sites are public at once")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(key=options["programme"]).first()
        if programme is None:
            known = ", ".join(Programme.objects.values_list("key", flat=True))
            raise CommandError(f"unknown programme {options['programme']}; known: {known}")
        choices = ImportOptions(
            encoding=options["encoding"],
            crs=options["crs"],
            layer=options["layer"],
            mapping=self._mapping(options["map"]),
            publish=options["publish"],
        )
        try:
            report = import_sites(
                programme, options["files"], choices, by=None, dry_run=options["dry_run"]
            )
        except ImportRefused as refused:
            raise CommandError(
                "\n".join(problem.sentence() for problem in refused.problems)
            ) from refused
        self._print(report, options["dry_run"])

    def _mapping(self, pairs: list[str]) -> dict[str, str] | None:
        if not pairs:
            return None
        for pair in pairs:
            if "=" not in pair:
                raise CommandError(f"--map {pair}: expected COLUMN=FIELD")
        return dict(pair.split("=", 1) for pair in pairs)

    def _print(self, report: ImportReport, dry_run: bool) -> None:
        self.stdout.write(f"{report.file}: {report.encoding}, {report.crs or '-'}")
        for problem in report.problems:
            self.stdout.write(("! " if problem.is_error else "~ ") + problem.sentence())
        counts = f"created {report.created}, updated {report.updated}, unchanged {report.unchanged}"
        self.stdout.write(f"{counts}, refused {len(report.refused)}")
        if report.refused:
            raise CommandError("nothing was stored")
        if dry_run:
            self.stdout.write("dry run: nothing was stored")
