"""The demonstration's log-ins have a password that is printed for everybody: they stay on this machine.

Two bolts: the server does not start when it can be reached from elsewhere and such an account is open, and the
password itself is refused there, whoever has it.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError
from django.utils.crypto import constant_time_compare

from accounts.models import User

TAG = "demonstration"
PASSWORD = "qiqihar-demo-2022"
USERNAMES = ("admin", "planner", "inspector")


def is_refused(password: str) -> bool:
    """True for the printed password where others than this machine can reach the site."""
    return settings.REACHABLE_FROM_ELSEWHERE and constant_time_compare(password, PASSWORD)


def is_open(user: User) -> bool:
    """True for a demonstration account that has its printed password where others can reach the site."""
    known = settings.REACHABLE_FROM_ELSEWHERE and user.username in USERNAMES
    return known and user.check_password(PASSWORD)


def open_accounts() -> list[str]:
    """Names of the active demonstration accounts that still have the printed password."""
    found = User.objects.filter(username__in=USERNAMES, is_active=True).order_by("username")
    return [user.username for user in found if user.check_password(PASSWORD)]


def check_accounts(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """An Error for a site that others can reach while a demonstration account is open (accounts.E001)."""
    if not settings.REACHABLE_FROM_ELSEWHERE:
        return []
    try:
        names = open_accounts()
    except DatabaseError:
        return []  # before the first migrate there are no accounts
    if not names:
        return []
    return [
        Error(
            f"演示账号 {'、'.join(names)} 仍使用公开的演示密码，而 ALLOWED_HOSTS 允许从本机以外访问。"
            f" The demonstration accounts {', '.join(names)} still have their published password, and ALLOWED_HOSTS"
            " lets others than this machine in.",
            hint=(
                "停用这些账号或修改其密码（manage.py changepassword 用户名），"
                "或把 ALLOWED_HOSTS 改回 127.0.0.1,localhost。"
                " Disable them or change their passwords (manage.py changepassword NAME), or set ALLOWED_HOSTS back to"
                " 127.0.0.1,localhost."
            ),
            id="accounts.E001",
        )
    ]
