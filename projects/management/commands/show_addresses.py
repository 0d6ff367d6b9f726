"""manage.py show_addresses: where the three faces are, and the demonstration log-ins."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from projects.demo.accounts import ACCOUNTS, PASSWORD
from projects.models import City


class Command(BaseCommand):
    help = "Print the addresses of the three faces and, in a demonstration city, its log-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        base = f"http://127.0.0.1:{options['port']}"
        for name, path in (
            ("公众 public", "/"),
            ("规划 planner", "/planner/"),
            ("巡查 field", "/field/"),
        ):
            self.stdout.write(f"  {name:<14} {base}{path}")
        if City.objects.filter(is_demonstration=True).exists():
            names = ", ".join(username for username, _role, _name in ACCOUNTS)
            self.stdout.write(f"  演示账号 log-ins: {names}; password {PASSWORD}")
