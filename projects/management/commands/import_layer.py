"""manage.py import_layer KEY FILE… : bring a file in as a reference layer, its columns as they are."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from layers.importing.problems import ImportRefused, sentences
from layers.loading import LayerOptions, LayerReport, import_layer
from projects.importing.flags import add_reading_flags, handling_of
from projects.importing.reach import around_the_city
from projects.importing.work import rare_collections


class Command(BaseCommand):
    help = "Import another bureau's file (see docs/import.md) as a reference layer."
    # The checks of the code look at every page of the site: half a second, and nothing to do with a file.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the layer's key, as it stands in addresses")
        parser.add_argument(
            "files", nargs="+", type=Path, help="one data set: a file, a zip, or its parts"
        )
        parser.add_argument("--name", default="", help="of a new layer")
        modes = parser.add_mutually_exclusive_group()
        modes.add_argument(
            "--replace",
            dest="mode",
            action="store_const",
            const="replace",
            default="new",
            help="put the file in place of what the layer has",
        )
        modes.add_argument(
            "--append", dest="mode", action="store_const", const="append", help="add to the layer"
        )
        add_reading_flags(parser)
        parser.add_argument("--name-column", help="holds the features' names; guessed by its name")
        parser.add_argument(
            "--anywhere", action="store_true", help="also what lies far from the city"
        )
        parser.add_argument(
            "--no-empty", action="store_true", help="refuse features without geometry"
        )
        parser.add_argument("--publish", action="store_true", help="a new layer is public at once")
        parser.add_argument("--dry-run", action="store_true", help="report, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        choices = LayerOptions(
            key=options["key"],
            name=options["name"],
            mode=options["mode"],
            bbox=around_the_city(),
            place="anywhere" if options["anywhere"] else "touching",
            keep_empty=not options["no_empty"],
            encoding=options["encoding"],
            crs=options["crs"],
            handling=handling_of(options),
            layer=options["layer"],
            name_column=options["name_column"],
            publish=options["publish"],
        )
        try:
            with rare_collections():
                report = import_layer(
                    options["files"], choices, by=None, dry_run=options["dry_run"]
                )
        except ImportRefused as refused:
            raise CommandError(sentences(refused.problems)) from refused
        self._print(report, choices)

    def _print(self, report: LayerReport, choices: LayerOptions) -> None:
        self.stdout.write(f"{report.file}: {report.encoding}, {report.crs or '-'}")
        for problem in report.warnings:
            self.stdout.write(problem.sentence())
        if report.refused:
            raise CommandError(sentences(report.refused) + "\n" + _("Nothing was stored"))
        self.stdout.write(
            _("%(count)s features, %(without)s of them without a place")
            % {"count": report.count, "without": report.without_place}
        )
        if report.stored:
            self.stdout.write(
                _("To take it back: manage.py undo_layer %(key)s") % {"key": choices.key}
            )
        else:
            self.stdout.write(_("This was a check: nothing was stored."))
