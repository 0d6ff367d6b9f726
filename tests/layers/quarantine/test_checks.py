"""What lacks is told to whoever runs the site."""

import io
from typing import Any

import pytest
from django.core.management import call_command

from layers.quarantine import checks
from layers.quarantine.runner import Reason, Stopped


def test_a_system_with_all_walls_has_nothing_to_warn_of(walls: dict[str, Any]) -> None:
    lacking = {wall for wall in checks.WALLS if wall not in walls}
    assert {message.id for message in checks.check_walls()} == (
        {"quarantine.W001"} if lacking else set()
    )


def test_each_wall_that_lacks_is_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "standing_walls", lambda: {"network": "namespace"})
    found = checks.check_walls()
    assert [message.msg.split("“")[1][:5] for message in found] == ["files", "calls", "capab"]
    assert all(message.hint for message in found)


def test_a_quarantine_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped() -> dict[str, str]:
        raise Stopped(Reason.UNAVAILABLE)

    monkeypatch.setattr(checks, "standing_walls", stopped)
    (message,) = checks.check_walls()
    assert (message.id, message.is_serious()) == ("quarantine.E001", True)


@pytest.mark.django_db
def test_check_ready_tells_it_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_MIN_FREE_BYTES = 0
    monkeypatch.setattr(checks, "standing_walls", lambda: {})
    out = io.StringIO()
    call_command("check_ready", stdout=out)
    assert out.getvalue().count("lacks") == len(checks.WALLS)
