"""manage.py backup FILE: the database and every picture in one file, while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from projects.backup.making import make_backup
from projects.backup.refusal import BackupRefused


class Command(BaseCommand):
    help = "Put the database and every picture into one file, checked after writing. See docs/deployment.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="such as /backup/works-2022-06-01.tar")
        parser.add_argument("--force", action="store_true", help="overwrite the file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup(options["file"], force=options["force"], say=self._say)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        for path in made.faults:
            self.stderr.write(
                _("Warning: “%(path)s” lacks, or is not what its row says.") % {"path": path}
            )
        self._say(
            _("Done: %(rows)s rows, %(files)s files, in %(path)s")
            % {
                "rows": sum(made.counts.values()),
                "files": len(made.media),
                "path": options["file"],
            }
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
