"""manage.py undo_layer KEY : take back the last file that came into a reference layer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from layers.loading import prune, undo
from layers.models import Layer


class Command(BaseCommand):
    help = "Take back the last import into a layer; with --prune, forget what can be had back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the layer's key")
        parser.add_argument(
            "--prune", action="store_true", help="forget the features that were replaced instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        layer = Layer.objects.filter(key=options["key"]).first()
        if layer is None:
            known = ", ".join(Layer.objects.values_list("key", flat=True))
            raise CommandError(
                _("There is no layer “%(layer)s”. There are: %(choices)s")
                % {"layer": options["key"], "choices": known}
            )
        if options["prune"]:
            self.stdout.write(_("%(count)s former files forgotten") % {"count": prune(layer)})
            return
        batch = layer.batches.filter(replaced_by__isnull=True).order_by("-pk").first()
        if batch is None or not batch.file:
            raise CommandError(_("There is no import that could be undone."))
        undo(batch, by=None)
        self.stdout.write(_("The import was undone."))
