"""manage.py generate_demo: write data/shapefiles again, byte for byte the same from the same city folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.demo.shapes.generate import generate


class Command(BaseCommand):
    help = "Write the demonstration's shapefiles, manifest, progress and README."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", type=Path, default=settings.BASE_DIR / "cities" / "qiqihar")
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "data" / "shapefiles")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = generate(options["city"], options["out"])
        except (OSError, KeyError) as error:
            raise CommandError(f"{options['city']}: {error}") from error
        for one in written:
            self.stdout.write(
                f"{one.dataset.stem}.shp  {one.dataset.programme}  {len(one.dataset.sites)}"
            )
        self.stdout.write(
            f"{sum(len(one.dataset.sites) for one in written)} sites in {options['out']}"
        )
