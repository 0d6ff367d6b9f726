"""manage.py verify_audit: is the audit trail what was written? Exit code 1 and the first fault when it is not."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.audit_check import Head, Tampered, verify

_HEAD = re.compile(r"(\d{1,18})[: ]([0-9a-f]{64})")


class Command(BaseCommand):
    help = "Read the audit trail from its first entry and name the first one that was altered, removed or forked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="store_true",
            help="print nothing but the last entry's number and hash, to be kept elsewhere",
        )
        parser.add_argument(
            "--since",
            type=_head,
            metavar="SEQ:HASH",
            help="a head that was kept: is it still there?",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            head = verify(options["since"])
        except Tampered as fault:
            raise CommandError(str(fault)) from fault
        if options["head"]:
            self.stdout.write(f"{head.sequence} {head.hash}")
        else:
            self.stdout.write(_("%(count)s entries, unaltered.") % {"count": head.sequence})


def _head(text: str) -> Head:
    found = _HEAD.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(_("“%(text)s” is not NUMBER:HASH.") % {"text": text})
    return Head(int(found[1]), found[2])
