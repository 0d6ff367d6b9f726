"""manage.py restore FILE: the whole installation as it was when the backup was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from projects.backup.refusal import BackupRefused, HalfRestored
from projects.backup.restoring import restore


class Command(BaseCommand):
    help = (
        "Restore a file of the backup command into an empty installation, or over one with --force."
    )
    requires_system_checks = []  # they may ask for tables that are only about to come

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="replace everything that is here by the backup"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore(options["file"], force=options["force"], say=self._say)
        except BackupRefused as refused:
            unchanged = _("Nothing has changed.")
            raise CommandError(f"{refused} {unchanged}") from refused
        except HalfRestored as stuck:
            raise CommandError(str(stuck)) from stuck
        self._say(
            _(
                "Restored: %(rows)s rows and %(files)s files as of %(when)s. Everybody signs in again."
            )
            % {
                "rows": sum(restored.counts.values()),
                "files": len(restored.media),
                "when": restored.created_at,
            }
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
