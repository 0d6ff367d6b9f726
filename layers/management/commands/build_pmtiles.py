"""manage.py build_pmtiles [KEY …]: make archives of sources, or one of all that is public together."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_projects.http.problems import NotFound
from layers.archives.making import NothingThere, SourceMoves, make, published, write_published


class Command(BaseCommand):
    help = "Write the vector tiles of sources as PMTiles archives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", help="sources, as their keys stand in addresses")
        parser.add_argument(
            "--publication", type=Path, metavar="FILE", help="all that is public, in one file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["keys"] and options["publication"] is None:
            raise CommandError(_("Name at least one source, or --publication FILE."))
        for key in options["keys"]:
            try:
                found = make(key)
            except NotFound as error:
                raise CommandError(_("There is no source %(key)s.") % {"key": key}) from error
            except (NothingThere, SourceMoves) as error:
                raise CommandError(_("%(key)s: no archive was made.") % {"key": key}) from error
            self.stdout.write(f"{found.path} {found.size}")
        if options["publication"] is not None:
            try:
                size = write_published(options["publication"], published())
            except NothingThere as error:
                raise CommandError(_("There is nothing public to draw.")) from error
            self.stdout.write(f"{options['publication']} {size}")
