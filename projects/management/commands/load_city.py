"""manage.py load_city FOLDER: the city, its programmes, workflows, report and layers from a folder of plain files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.city.loading import Loaded, load_city
from projects.city.mistakes import FolderRefused

WHAT = {
    "city": gettext_lazy("city"),
    "districts": gettext_lazy("districts"),
    "workflows": gettext_lazy("workflows"),
    "states": gettext_lazy("workflow states"),
    "steps": gettext_lazy("workflow steps"),
    "programmes": gettext_lazy("programmes"),
    "reports": gettext_lazy("reports"),
    "clauses": gettext_lazy("clauses"),
    "targets": gettext_lazy("targets"),
    "removed": gettext_lazy("programmes and workflows without use"),
    "layers": gettext_lazy("layers"),
    "features": gettext_lazy("features"),
}


class Command(BaseCommand):
    help = "Load a city folder, or load it again after a change; all or nothing. See docs/city-folder.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="such as cities/qiqihar")
        parser.add_argument(
            "--check", action="store_true", help="report mistakes and changes, store nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        self.stdout.write(_("Reading %(folder)s") % {"folder": folder})
        try:
            load_city(folder, dry_run=options["check"], on_progress=self._print)
        except FolderRefused as refused:
            raise CommandError(_refusal(refused)) from refused
        if options["check"]:
            self.stdout.write(_("No mistakes. This was a check: nothing was stored."))

    def _print(self, loaded: Loaded) -> None:
        tally = loaded.tally
        counts = [
            words % {"count": count}
            for words, count in (
                (_("%(count)s new"), tally.created),
                (_("%(count)s changed"), tally.updated),
                (_("%(count)s removed"), tally.removed),
            )
            if count
        ]
        details = f" ({', '.join(counts)})" if counts else ""
        self.stdout.write(f"  {WHAT[loaded.what]}: {tally.total}{details}")


def _refusal(refused: FolderRefused) -> str:
    count = len(refused.mistakes)
    head = ngettext(
        "%(count)s mistake; nothing was stored:", "%(count)s mistakes; nothing was stored:", count
    ) % {"count": count}
    return "\n".join([head, *(str(mistake) for mistake in refused.mistakes)])
