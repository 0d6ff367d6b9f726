"""manage.py prune_imports : forget what old imports keep for their undo, and those that came to nothing."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from projects.importing.pruning import ENDED_DAYS, UNDO_DAYS, prune_imports


class Command(BaseCommand):
    help = "Forget what old imports keep for their undo, and imports that came to nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--undo-days",
            type=int,
            default=UNDO_DAYS,
            help="an import can be undone for so long (default: %(default)s)",
        )
        parser.add_argument(
            "--ended-days",
            type=int,
            default=ENDED_DAYS,
            help="failed, cancelled and undone ones stay for so long (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pruned = prune_imports(options["undo_days"], options["ended_days"])
        self.stdout.write(
            _("%(imports)s imports can no longer be undone (%(rows)s notes), %(ended)s are gone.")
            % {"imports": pruned.imports, "rows": pruned.rows, "ended": pruned.ended}
        )
