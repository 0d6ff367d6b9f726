"""The demonstration city's log-ins, one for each role. They exist in no other city."""

from accounts.models import Role, User

PASSWORD = "qiqihar-demo-2022"
ACCOUNTS = [
    ("admin", Role.ADMINISTRATOR, "演示·管理员"),
    ("planner", Role.PLANNER, "演示·规划员"),
    ("inspector", Role.INSPECTOR, "演示·巡查员"),
]


def create_accounts() -> None:
    """Make those that are missing; an existing one keeps its password."""
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
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
