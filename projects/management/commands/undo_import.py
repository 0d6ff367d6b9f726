"""manage.py undo_import JOB : take back a whole import, while nothing later touched its sites."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from projects.importing.jobs import Superseded
from projects.importing.undo import UndoRefused, undo_import
from projects.importing.work import undo_refusal
from projects.models import ImportJob, JobKind, JobState


class Command(BaseCommand):
    help = "Take back an import as a whole; without a job, list those that can be taken back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "job", nargs="?", type=uuid.UUID, help="the number that the import told"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stored = ImportJob.objects.filter(state=JobState.STORED).exclude(kind=JobKind.SCENE)
        stored = stored.filter(pruned_at=None).select_related("programme")
        if options["job"] is None:
            for one in stored:
                self.stdout.write(f"{one.pk}  {one.stored_at:%Y-%m-%d %H:%M}  {one}")
            return
        job = stored.filter(pk=options["job"]).first()
        if job is None:
            raise CommandError(_("There is no import with that number that could be undone."))
        try:
            undo_import(job, by=None)
        except UndoRefused as refused:
            raise CommandError(undo_refusal(refused)) from refused
        except Superseded as error:
            raise CommandError(_("The import has moved on in the meantime")) from error
        self.stdout.write(_("The import was undone."))
