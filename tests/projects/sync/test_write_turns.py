"""Many tablets at once: whoever writes waits in a queue, and everybody is answered."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from gis_projects import write_turns
from gis_projects.write_turns import Line, write_turn
from projects.models import Inspection, Operation, Programme
from tests.conftest import Cast
from tests.factories import make_site
from tests.projects.sync.served import Server, WireClient
from tests.projects.sync.tablet import Tablet

TABLETS, OPERATIONS = 8, 10


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_the_turn_goes_round_in_the_order_of_coming() -> None:
    line, order = Line(), list[str]()
    may_go = threading.Event()

    def take(name: str) -> None:
        with line.first(time.monotonic() + 60):
            order.append(name)
            may_go.wait(60)

    with ThreadPoolExecutor(4) as pool:
        jobs = []
        for n, name in enumerate("abcd"):
            jobs.append(pool.submit(take, name))
            wait_until(lambda n=n: len(line) == n + 1)  # type: ignore[misc]
        assert order == ["a"]
        may_go.set()
        for job in jobs:
            job.result()
    assert order == list("abcd")


def test_who_gives_up_waiting_leaves_the_queue_to_the_others() -> None:
    line = Line()
    with line.first(time.monotonic() + 60):
        with pytest.raises(OperationalError), line.first(time.monotonic()):
            pass
    with line.first(time.monotonic()):
        assert len(line) == 1


def test_another_process_that_waits_is_before_one_that_has_just_written(tmp_path: Path) -> None:
    """``next`` in another's hand (here: another open file) lets nobody pass, though the turn itself is free."""
    name = str(tmp_path / "db")
    with write_turns.locked(f"{name}.next", time.monotonic()):
        with pytest.raises(OperationalError), write_turns.file_turn(name, time.monotonic()):
            pass
    with write_turns.file_turn(name, time.monotonic()):
        with pytest.raises(OperationalError), write_turns.file_turn(name, time.monotonic()):
            pass


@pytest.mark.django_db
def test_a_lock_is_waited_for_as_long_as_the_settings_say() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a pragma of SQLite")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (connection.settings_dict["OPTIONS"]["timeout"] * 1000,)


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_a_turn_that_does_not_come_is_a_503_and_inside_a_transaction_none_is_wanted(
    cast: Cast, parks: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL queues its writers itself")
    tablet = Tablet(cast.alice)
    site = [None, str(make_site(parks).pk)]
    body = {
        "device": {"id": str(tablet.device)},
        "ops": [tablet.write("inspection", {"site": site})],
    }
    monkeypatch.setattr(write_turns, "LIMIT_S", 0.05)
    turn = f"{connection.settings_dict['NAME']}.turn"
    with write_turns.locked(turn, time.monotonic()):
        with transaction.atomic(), write_turn():
            pass
        response = tablet.post("push", body)
        assert response.status_code == 503
        assert not Operation.objects.exists()
    assert tablet.post("push", body).status_code == 200
    assert Inspection.objects.count() == 1


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_a_turn_inside_a_turn_is_the_same_one(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL queues its writers itself")
    monkeypatch.setattr(write_turns, "LIMIT_S", 0.05)
    name = str(connection.settings_dict["NAME"])
    with write_turn():
        with write_turn():
            pass
        with pytest.raises(OperationalError), write_turns.file_turn(name, time.monotonic()):
            pass  # the outer one still stands
    with write_turns.file_turn(name, time.monotonic()):
        with pytest.raises(OperationalError), write_turn():
            pass
    with write_turn():
        pass


@pytest.mark.slow
@pytest.mark.usefixtures("_guards_off_afterwards")
def test_many_tablets_that_push_at_once_are_all_answered(
    tmp_path: Path, cast: Cast, parks: Programme
) -> None:
    site = make_site(parks)
    server = Server(tmp_path, workers=2)
    try:
        server.start()
        tablets = [Tablet(cast.alice) for _ in range(TABLETS)]
        for tablet in tablets:
            tablet.client = WireClient(server, cast.alice)  # type: ignore[assignment]
        together = threading.Barrier(TABLETS)

        def push(tablet: Tablet) -> list[str]:
            changes = {"site": [None, str(site.pk)]}
            ops = [tablet.write("inspection", changes) for _ in range(OPERATIONS)]
            together.wait(60)
            return [one["status"] for one in tablet.push(*ops)]

        with ThreadPoolExecutor(TABLETS) as pool:
            answers = list(pool.map(push, tablets))
    finally:
        server.kill()
    assert answers == [["applied"] * OPERATIONS] * TABLETS
    assert Inspection.objects.count() == TABLETS * OPERATIONS
