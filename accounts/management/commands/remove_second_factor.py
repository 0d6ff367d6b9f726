"""manage.py remove_second_factor NAME: for whoever lost the device, when no administrator can sign in either."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.factors import store
from accounts.models import User


class Command(BaseCommand):
    help = "Remove every second factor of an account and end its sessions; the password alone signs in then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": options["username"]})
        count = store.remove_all(user)
        self.stdout.write(_("Second factors removed: %(count)d.") % {"count": count})
