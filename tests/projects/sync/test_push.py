"""Operations come in once, whole, and none is thrown away."""

import datetime as dt
import uuid

import orjson
import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.models import AuditEntry
from projects.models import (
    Assignment,
    Correction,
    Device,
    Inspection,
    Operation,
    Programme,
    Site,
    Track,
)
from projects.sync import push as pushing
from tests.conftest import Cast
from tests.projects.sync.tablet import Tablet, op_id, sha256, target


def visit(
    tablet: Tablet, site: Site, note: str = "查看", **changes: list[object]
) -> dict[str, str]:
    return tablet.write(
        "inspection", {"site": [None, str(site.pk)], "note": [None, note], **changes}
    )


def test_an_inspection_is_recorded_with_its_fix_and_its_progress(bob: Tablet, site: Site) -> None:
    op = visit(
        bob,
        site,
        progress=[0, 35],
        lon=[None, 123.605],
        lat=[None, 47.105],
        accuracy_m=[None, 4.5],
        details=[None, {"away_reason": "围挡封闭", "distance_m": 180, "made_up": 1}],
    )
    result = bob.push_one(op)
    site.refresh_from_db()
    assert result["status"] == "applied"
    assert result["revision"] == site.revision
    found = Inspection.objects.get(pk=target(op))
    assert (found.note, found.progress, found.accuracy_m) == ("查看", 35, 4.5)
    assert found.position is not None
    assert found.position.coords == (123.605, 47.105)
    assert found.details == {"away_reason": "围挡封闭", "distance_m": 180}
    assert found.inspector == bob.user
    assert site.progress == 35


def test_sent_again_it_is_answered_as_the_first_time_and_done_once(bob: Tablet, site: Site) -> None:
    op = visit(bob, site, progress=[0, 20])
    first = bob.push_one(op)
    entries = AuditEntry.objects.count()
    second, third = bob.push(op, op)
    for again in (second, third):
        assert again == {**first, "status": "duplicate", "first": "applied"}
    assert Inspection.objects.count() == Operation.objects.count() == 1
    assert AuditEntry.objects.count() == entries


def test_a_number_used_for_another_text_keeps_both(bob: Tablet, site: Site) -> None:
    op = visit(bob, site, "first")
    bob.push_one(op)
    other = dict(
        orjson.loads(op["body"]), changes={"site": [None, str(site.pk)], "note": [None, "x"]}
    )
    body = orjson.dumps(other).decode()
    forged = {"body": body, "sha256": sha256(body)}
    results = [bob.push_one(forged), bob.push_one(forged)]
    assert [(one["status"], one["code"]) for one in results] == [("quarantined", "op-id-reuse")] * 2
    assert sorted(Operation.objects.values_list("body", flat=True)) == sorted([op["body"], body])
    assert Inspection.objects.get().note == "first"


def test_nobody_is_told_what_became_of_anothers_record(
    bob: Tablet, charlie: Tablet, site: Site
) -> None:
    op = visit(bob, site, progress=[0, 50])
    bob.push_one(op)
    other = orjson.dumps(dict(orjson.loads(op["body"]), author_id=charlie.user.pk)).decode()
    answer = charlie.push_one({"body": other, "sha256": sha256(other)})
    assert (answer["status"], answer["code"]) == ("quarantined", "op-id-reuse")
    assert "revision" not in answer


def test_a_shared_tablet_cannot_send_what_somebody_else_wrote(
    bob: Tablet, charlie: Tablet, site: Site
) -> None:
    answer = charlie.push_one(visit(bob, site))
    assert (answer["status"], answer["code"]) == ("quarantined", "author-mismatch")
    assert not Inspection.objects.exists()
    # It is still Bob's to send.
    assert Operation.objects.get().operation is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "unreadable"),
        ("[]", "unreadable"),
        ('{"op_id": "x"}', "unreadable"),
        ('{"schema_v": 9, "op_id": "x"}', "schema-unknown"),
        ('{"schema_v": 1, "op_id": "nonsense"}', "unreadable"),
        ('{"schema_v": 1, "note": "\\ud800"}', "unreadable"),
        ('{"schema_v": 1, "note": "\\u0000"}', "unreadable"),
    ],
)
def test_a_poisoned_record_is_kept_and_harms_none_of_its_neighbours(
    bob: Tablet, site: Site, body: str, code: str
) -> None:
    before, after = visit(bob, site, "a"), visit(bob, site, "b")
    results = bob.push(before, {"body": body, "sha256": sha256(body)}, after)
    assert [one["status"] for one in results] == ["applied", "quarantined", "applied"]
    assert results[1]["code"] == code
    assert Operation.objects.filter(body=body, code=code).count() == 1
    assert Inspection.objects.count() == 2


def test_a_flipped_bit_is_seen(bob: Tablet, site: Site) -> None:
    op = visit(bob, site, "progress 35")
    damaged = {**op, "body": op["body"].replace("progress 35", "progress 95")}
    answer = bob.push_one(damaged)
    assert (answer["status"], answer["code"]) == ("quarantined", "hash-mismatch")
    assert bob.push_one(op)["status"] == "applied"


def test_what_builds_on_something_waits_for_it(bob: Tablet, site: Site) -> None:
    op = visit(bob, site)
    later = bob.write(
        "correction",
        {"inspection": [None, target(op)], "note": [None, "实为三号井"]},
        depends_on=[op_id(op)],
    )
    held = bob.push_one(later)
    assert (held["status"], held["code"]) == ("held", "dependency")
    assert bob.push_one(op)["status"] == "applied"
    assert Correction.objects.get().note == "实为三号井"
    assert bob.push_one(later)["first"] == "applied"


def test_a_refused_record_holds_only_what_builds_on_it(bob: Tablet, site: Site) -> None:
    bad = visit(bob, site, progress=[0, 900])
    child = bob.write("correction", {"inspection": [None, target(bad)]}, depends_on=[op_id(bad)])
    results = bob.push(bad, child, visit(bob, site))
    assert [one["status"] for one in results] == ["quarantined", "held", "applied"]


def test_a_record_that_depends_on_itself_is_refused(bob: Tablet, site: Site) -> None:
    own = str(uuid.uuid4())
    op = bob.write("inspection", {"site": [None, str(site.pk)]}, depends_on=[own], op_id=own)
    assert bob.push_one(op)["code"] == "unreadable"


def test_records_may_come_in_any_order(bob: Tablet, site: Site) -> None:
    ops = [visit(bob, site, str(number)) for number in range(5)]
    for op in reversed(ops):
        assert bob.push_one(op)["status"] == "applied"
    assert Inspection.objects.count() == 5


def test_a_right_that_was_taken_away_sends_the_record_to_the_office(
    bob: Tablet, site: Site
) -> None:
    op = visit(bob, site)
    Assignment.objects.filter(user=bob.user).delete()
    answer = bob.push_one(op)
    assert (answer["status"], answer["code"]) == ("quarantined", "not-allowed")
    assert Operation.objects.get().body == op["body"]


def test_an_account_that_was_closed_sends_nothing_and_loses_nothing(
    bob: Tablet, site: Site
) -> None:
    op = visit(bob, site)
    bob.user.is_active = False
    bob.user.save()
    response = bob.post("push", {"device": {"id": str(bob.device)}, "ops": [op]})
    assert response.status_code == 401
    assert not Operation.objects.exists()


def test_a_visit_to_a_site_that_is_gone_is_kept(bob: Tablet, site: Site) -> None:
    op = visit(bob, site)
    site.transitions.all().delete()
    site.delete()
    answer = bob.push_one(op)
    assert (answer["status"], answer["code"]) == ("conflict", "site-gone")
    assert Operation.objects.get().site == uuid.UUID(orjson.loads(op["body"])["changes"]["site"][1])


def test_a_clock_ten_years_off_dates_the_visit_by_ours(bob: Tablet, site: Site) -> None:
    then = timezone.now() - dt.timedelta(days=3650)
    op = bob.write(
        "inspection",
        {"site": [None, str(site.pk)], "note": [None, "钟"]},
        client_time=then.isoformat(),
    )
    bob.push(op, now=then.isoformat())
    found = Inspection.objects.get()
    assert abs(timezone.now() - found.inspected_at) < dt.timedelta(minutes=5)
    assert found.details["clock_offset_s"] == pytest.approx(3650 * 86400, abs=300)
    assert Operation.objects.get().client_time == then


def test_a_clock_ahead_never_dates_a_visit_into_the_future(bob: Tablet, site: Site) -> None:
    ahead = timezone.now() + dt.timedelta(minutes=4)
    op = bob.write("inspection", {"site": [None, str(site.pk)]}, client_time=ahead.isoformat())
    bob.push(op, now=ahead.isoformat())
    assert Inspection.objects.get().inspected_at <= timezone.now()


def test_a_track_is_kept(bob: Tablet, site: Site) -> None:
    op = bob.write(
        "track",
        {
            "site": [None, str(site.pk)],
            "started_at": [None, "2022-06-01T01:00:00Z"],
            "points": [None, [[123.6, 47.1, 0, 6.5], [123.61, 47.1, 12.5]]],
            "stale_fixes": [None, 2],
            "is_mock": [None, True],
        },
    )
    assert bob.push_one(op)["status"] == "applied"
    found = Track.objects.get()
    assert found.line.coords == ((123.6, 47.1), (123.61, 47.1))
    assert (found.times, found.accuracies) == ([0, 12.5], [6.5, None])
    assert (found.stale_fixes, found.is_mock) == (2, True)
    wrong = {"points": [None, [[123.6, 47.1, 0, -1], [123.61, 47.1, 12.5]]]}
    op = bob.write("track", {"started_at": [None, "2022-06-01T01:00:00Z"], **wrong})
    assert bob.push_one(op)["code"] == "value-invalid"


def test_a_full_disk_refuses_the_request_and_keeps_what_was_answered(
    bob: Tablet, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = visit(bob, site, "1"), visit(bob, site, "2")
    real = pushing.apply

    def fills_up(work: object) -> object:
        if Operation.objects.count() > 1:
            raise OperationalError("database or disk is full")
        return real(work)  # type: ignore[arg-type]

    monkeypatch.setattr(pushing, "apply", fills_up)
    body = {"device": {"id": str(bob.device)}, "ops": [first, second]}
    response = bob.post("push", body)
    assert response.status_code == 503
    assert response["Retry-After"] == "15"
    monkeypatch.undo()
    assert Operation.objects.count() == Inspection.objects.count() == 1
    assert [one["status"] for one in bob.push(first, second)] == ["duplicate", "applied"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>please log in</html>", 400),
        ({"ops": []}, 400),
        ({"device": {"id": "x"}, "ops": []}, 400),
        ({"device": {"id": str(uuid.uuid4())}, "ops": [{"body": 1}]}, 400),
        ({"device": {"id": str(uuid.uuid4())}, "ops": [{"body": "", "sha256": ""}] * 101}, 413),
        (
            {"device": {"id": str(uuid.uuid4())}, "ops": [{"body": "x" * 1_000_001, "sha256": ""}]},
            413,
        ),
    ],
)
def test_what_is_no_batch_is_refused_whole(bob: Tablet, body: object, status: int) -> None:
    response = bob.post("push", body)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert not Operation.objects.exists()


def test_a_revoked_tablet_is_told_so(bob: Tablet, site: Site) -> None:
    bob.push()
    Device.objects.update(revoked_at=timezone.now())
    response = bob.post("push", {"device": {"id": str(bob.device)}, "ops": [visit(bob, site)]})
    assert response.status_code == 401
    assert orjson.loads(response.content)["type"] == "/problems/device-revoked"


def test_two_batches_of_the_whole_day_take_few_queries(
    bob: Tablet, site: Site, django_assert_max_num_queries: object
) -> None:
    ops = [visit(bob, site, str(number)) for number in range(20)]
    with django_assert_max_num_queries(20 * 30):  # type: ignore[operator]
        bob.push(*ops)
    with django_assert_max_num_queries(20 + 20):  # type: ignore[operator]
        bob.push(*ops)


def test_a_proposal_waits_for_the_office(bob: Tablet, cast: Cast, parks: Programme) -> None:
    geometry = {
        "type": "Polygon",
        "coordinates": [[[123.7, 47.2], [123.71, 47.2], [123.71, 47.21], [123.7, 47.2]]],
    }
    op = bob.write(
        "proposal",
        {"programme": [None, "parks"], "name": [None, "新绿地"], "geom": [None, geometry]},
    )
    assert bob.push_one(op)["status"] == "proposed"
    assert not Site.objects.exists()
    far = {"type": "Point", "coordinates": [0, 0]}
    bad = bob.write("proposal", {"programme": [None, "parks"], "geom": [None, far]})
    assert bob.push_one(bad)["code"] == "geometry-invalid"
