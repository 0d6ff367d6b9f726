"""manage.py load_demo: sites, progress, photos and scenes of the demonstration. Can be run again."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.demo.loading import DemoRefused, Loader


class Command(BaseCommand):
    help = "Load the demonstration into a city that was loaded by load_city; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=settings.BASE_DIR / "data" / "shapefiles"
        )
        parser.add_argument(
            "--pictures",
            type=int,
            metavar="N",
            help="at most N photos and N pairs of scenes; sites go as far as their evidence allows",
        )
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, help="that render; 0: in this one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        loader = Loader(options["folder"], self._say, options["pictures"], options["processes"])
        try:
            done = loader.run()
        except DemoRefused as refused:
            raise CommandError(str(refused)) from refused
        self._say(
            f"sites: {done.created} new, {done.updated} updated, {done.unchanged} unchanged; {done.steps} steps; "
            f"{done.photos} photos and {done.scenes} scene pairs new; {time.monotonic() - began:.0f} s"
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
