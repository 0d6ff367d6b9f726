"""manage.py check_ready: what /readyz asks, with the reasons."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_projects.http.readiness import points
from layers.quarantine.checks import check_walls


class Command(BaseCommand):
    help = "Say of each point that /readyz asks whether it passes, and why not; exit code 1 when one fails."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = points()
        for point in found:
            self.stdout.write(
                f"{'ok    ' if point.passed else 'FAILED'}  {point.name}: {point.detail}"
            )
        self._tell_walls()
        failing = [point.name for point in found if not point.passed]
        if failing:
            raise CommandError(_("Not ready: %(names)s") % {"names": ", ".join(failing)})

    def _tell_walls(self) -> None:
        """Not a point of /readyz: the site serves without it, and imports say themselves what lacks."""
        found = check_walls()
        for message in found:
            self.stdout.write(f"lacks   {message.msg} {message.hint}")
        if not found:
            self.stdout.write("walls   the quarantine has all of them")
