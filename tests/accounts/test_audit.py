"""The audit trail: one entry for each change, sealed to the one before, and no way around that goes unnoticed."""

import json
import threading
from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import audit, audit_guards
from accounts.audit import Action, Event
from accounts.models import AuditEntry, Role, User
from gis_projects.http import actor
from tests.conftest import Cast

TABLE = "accounts_auditentry"


def note(label: str = "x", **changes: tuple[object, object]) -> None:
    audit.record(Event(Action.UPDATED, "thing", "1", label, changes))


def last() -> AuditEntry:
    entry = AuditEntry.objects.first()
    assert entry is not None
    return entry


def run(*args: str) -> str:
    out = StringIO()
    call_command("verify_audit", *args, stdout=out)
    return out.getvalue().strip()


def tamper(sql: str) -> None:
    """As the owner of the database can, who first takes the guards away."""
    audit_guards.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    audit_guards.install()


@pytest.fixture
def five(db: None) -> int:
    """Five entries on top of none."""
    assert not AuditEntry.objects.exists()
    for number in range(5):
        note(f"第{number}条", value=(number, number + 1))
    return 5


def test_an_intact_chain_says_so_and_tells_its_head(five: int) -> None:
    assert "5" in run()
    assert run("--head") == f"5 {last().hash}"
    assert run("--since", f"5:{last().hash}") == run()
    assert run("--since", f"0:{'0' * 64}") == run()


def test_each_entry_is_sealed_over_the_one_before(five: int) -> None:
    entries = list(AuditEntry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in entries] == ["0" * 64, *(e.hash for e in entries[:-1])]
    assert len({entry.hash for entry in entries}) == 5
    assert entries[2].changed == {"value": [2, 3]}


@pytest.mark.parametrize("verb", ["UPDATE {} SET label = 'y'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_an_entry(five: int, verb: str) -> None:
    with (
        pytest.raises(Error, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(TABLE))
    assert run()


def test_it_refuses_to_be_emptied_at_once(five: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with (
        pytest.raises(Error, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {TABLE}")


@pytest.mark.parametrize(
    "column",
    [
        "label = 'y'",
        "actor = 'nobody'",
        "changes = '{}'",
        "address = '10.0.0.1'",
        "at = '2020-01-01 00:00:00'",
        "request_id = 'r'",
        "kind = 'other'",
        "subject = '2'",
        "action = 'moved'",
        "actor_id = 7",
        "hash = previous",
    ],
)
def test_an_altered_entry_is_named(five: int, column: str) -> None:
    tamper(f"UPDATE {TABLE} SET {column} WHERE sequence = 3")
    with pytest.raises(CommandError, match="3") as caught:
        run()
    assert caught.value.returncode == 1


@pytest.mark.parametrize("column", ["at = 'gestern'", "at = 5", "actor_id = 'x'", "label = x'ff'"])
def test_an_entry_that_cannot_even_be_read_is_named(five: int, column: str) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL takes no value of another type")
    tamper(f"UPDATE {TABLE} SET {column} WHERE sequence = 3")
    with pytest.raises(CommandError, match="3"):
        run()


def test_a_removed_entry_is_named(five: int) -> None:
    tamper(f"DELETE FROM {TABLE} WHERE sequence IN (3, 4)")
    with pytest.raises(CommandError, match=r"3.*5"):
        run()


def test_an_entry_written_anew_breaks_the_link_after_it(five: int) -> None:
    entry = AuditEntry.objects.get(sequence=3)
    entry.label = "anders"
    tamper(f"UPDATE {TABLE} SET label = 'anders', hash = '{entry.sealed()}' WHERE sequence = 3")
    with pytest.raises(CommandError, match="4"):
        run()


def test_a_cut_end_is_found_with_an_earlier_head(five: int) -> None:
    anchor = run("--head").replace(" ", ":")
    tamper(f"DELETE FROM {TABLE} WHERE sequence > 3")
    assert "3" in run()
    with pytest.raises(CommandError, match="5"):
        run("--since", anchor)
    note("grown again")
    note("to the same length")
    with pytest.raises(CommandError, match="5"):
        run("--since", anchor)


def test_an_entry_that_is_rolled_back_is_no_entry(five: int) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        note()
        raise RuntimeError
    with pytest.raises(RuntimeError), transaction.atomic(), audit.gathered():
        note()
        raise RuntimeError
    assert AuditEntry.objects.count() == 5


def test_gathered_entries_come_at_the_end_in_their_order(db: None) -> None:
    with transaction.atomic(), audit.gathered():
        note("one")
        with audit.gathered():
            note("two")
        assert not AuditEntry.objects.exists()
    assert [entry.label for entry in AuditEntry.objects.order_by("sequence")] == ["one", "two"]
    assert "2" in run()


def test_what_it_costs(db: None) -> None:
    """A savepoint, the lock where there is one, the head, the rows."""
    note()
    with CaptureQueriesContext(connection) as one:
        note()
    many = [Event(Action.CREATED, "thing", str(n), "x", {}) for n in range(50)]
    with CaptureQueriesContext(connection) as fifty:
        audit.record_all(many)
    assert len(one) == len(fifty) <= 5


@pytest.mark.parametrize("value", ['中文 \ud800 \x00 \\ "', 1e22, -0.0, 1e-7, 10**30, None, [1.0]])
def test_a_value_comes_back_as_it_was_given(db: None, value: object) -> None:
    note("a\ud800\x00", value=(None, value))
    assert json.dumps(last().changed["value"][1]) == json.dumps(value)
    assert run()


def test_an_account_s_life(db: None) -> None:
    user = User.objects.create_user("erin", password="first-secret", role=Role.PLANNER)
    entry = last()
    assert (entry.action, entry.kind, entry.subject) == ("created", "user", str(user.pk))
    assert entry.changed["role"] == [None, "planner"]
    user.role, user.is_active = Role.ADMINISTRATOR, False
    user.save()
    assert last().changed == {"role": ["planner", "administrator"], "is_active": [True, False]}
    user.set_password("second-secret")
    user.save(update_fields=["password"])
    assert last().changed == {"password": [None, "changed"]}
    count = AuditEntry.objects.count()
    user.save()
    assert AuditEntry.objects.count() == count
    user.groups.add(Group.objects.create(name="surveyors"))
    assert last().changed == {"groups": [None, ["surveyors"]]}
    user.groups.clear()
    assert last().changed == {"groups": [["surveyors"], None]}
    user.delete()
    assert last().action == "removed"
    everything = " ".join(AuditEntry.objects.values_list("changes", flat=True))
    assert "md5" not in everything and "secret" not in everything
    assert run()


def test_signing_in_and_out(client: Client, cast: Cast) -> None:
    form = {"username": "alice", "password": "wrong"}
    client.post("/accounts/login/", form)
    failed = last()
    assert (failed.action, failed.label, failed.actor) == ("login_failed", "alice", "")
    assert failed.address == "127.0.0.1"
    response = client.post("/accounts/login/", form | {"password": "alice-password"})
    entry = last()
    assert (entry.action, entry.actor) == ("logged_in", "alice")
    assert entry.request_id == response["X-Request-ID"]
    client.post("/accounts/logout/")
    assert (last().action, last().actor) == ("logged_out", "alice")
    client.post("/accounts/login/", {"username": "my-password-by-mistake", "password": "x"})
    assert (last().action, last().label, last().subject) == ("login_failed", "", "")


def test_the_administration_s_changes_carry_the_administrator(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.dora.pk).update(is_staff=True, is_superuser=True)
    client.force_login(cast.dora)
    path = f"/admin/accounts/user/{cast.bob.pk}/password/"
    word = "a-new-long-secret"
    form = {"password1": word, "password2": word, "usable_password": "true"}
    assert client.post(path, form).status_code == 302
    entry = last()
    assert (entry.actor, entry.label, entry.address) == ("dora", "bob", "127.0.0.1")
    assert entry.changed == {"password": [None, "changed"]}
    page = client.get("/admin/accounts/auditentry/").content.decode()
    assert entry.label in page
    assert client.get(f"/admin/accounts/auditentry/{entry.pk}/change/").status_code == 200
    assert client.post(f"/admin/accounts/auditentry/{entry.pk}/change/", {}).status_code == 403
    assert client.get("/admin/accounts/auditentry/add/").status_code == 403


def test_outside_a_request_it_says_command(db: None) -> None:
    note()
    assert (last().actor, last().address, last().request_id) == ("", "command", "")


@pytest.mark.parametrize(
    ("behind", "forwarded", "expected"),
    [
        (False, "9.9.9.9", "10.0.0.7"),
        (True, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (True, "", "10.0.0.7"),
        (True, "9.9.9.9, <script>", "10.0.0.7"),
        (True, "6.6.6.6, 2001:DB8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_one_that_the_client_cannot_choose(
    settings: object, behind: bool, forwarded: str, expected: str
) -> None:
    settings.BEHIND_HTTPS = behind  # type: ignore[attr-defined]
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert actor.client_address(request) == expected


@pytest.fixture
def _guards_off_afterwards(transactional_db: None) -> Iterator[None]:
    """The test's database is emptied after the test, which the guards would refuse; migrate's signal restores them."""
    yield
    audit_guards.remove()


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_writers_at_the_same_time_do_not_fork_the_chain() -> None:
    """Each thread has a connection and a transaction of its own, and they all begin at once."""
    writers, each = 6, 5
    begin = threading.Barrier(writers)
    failures: list[Exception] = []

    def write(number: int) -> None:
        begin.wait()
        try:
            for count in range(each):
                with transaction.atomic():
                    note(f"{number}/{count}")
                    note(f"{number}/{count} again")
        except Exception as error:  # noqa: BLE001  # told below, in the thread that can fail the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert AuditEntry.objects.count() == writers * each * 2
    assert str(writers * each * 2) in run()
