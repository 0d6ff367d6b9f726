"""The demonstration city's log-ins, one for each role. They exist in no other city."""

from django.conf import settings

from accounts.demonstration import PASSWORD
from accounts.models import Role, User
from projects.models import City

__all__ = ["ACCOUNTS", "PASSWORD", "NotADemonstration", "create_accounts"]

ACCOUNTS = [
    ("admin", Role.ADMINISTRATOR, "演示·管理员"),
    ("planner", Role.PLANNER, "演示·规划员"),
    ("inspector", Role.INSPECTOR, "演示·巡查员"),
]


class NotADemonstration(Exception):
    """The city in the database is a real one: nobody there gets a published password."""


def create_accounts() -> None:
    """Make those that are missing; an existing one keeps its password. Raises NotADemonstration.

    Where others than this machine can reach the site they get no password: ``changepassword`` gives them one.
    """
    if not City.objects.filter(is_demonstration=True).exists():
        raise NotADemonstration(
            "演示账号只能建在演示城市里 (demonstration accounts need a demonstration city)"
        )
    for username, role, name in ACCOUNTS:
        user, created = User.objects.get_or_create(
            username=username,
            defaults={
                "role": role,
                "display_name": name,
                "is_staff": role == Role.ADMINISTRATOR,
                "is_superuser": role == Role.ADMINISTRATOR,
            },
        )
        if created:
            user.set_password(None if settings.REACHABLE_FROM_ELSEWHERE else PASSWORD)
            user.save(update_fields=["password"])
