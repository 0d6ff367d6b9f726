"""A job from end to end, and every way in which a child can fail: each ends in bounds, and leaves nothing."""

import datetime as dt
import logging
import math
import time
from decimal import Decimal
from pathlib import Path

import pytest

from layers.quarantine import runner
from layers.quarantine.runner import Limits, Reason, Refused, Stopped

SMALL = Limits(memory_bytes=256 << 20, cpu_s=1, wall_s=5, file_bytes=8 << 20)


def reason(job: str, limits: Limits = SMALL) -> Reason:
    with pytest.raises(Stopped) as stopped:
        runner.run(job, [], {}, limits)
    return stopped.value.reason


def test_it_gives_files_and_values_and_gets_values(tmp_path: Path) -> None:
    path = tmp_path / "名字; rm -rf.shp"
    path.write_bytes(b"from a path")
    given = {
        "text": "图斑 \ud800",
        "numbers": [1, 2.5, -math.inf, 1 << 70, True, None],
        "times": (dt.date(2022, 6, 1), dt.datetime(2022, 6, 1, 8, tzinfo=dt.UTC)),
        "other": {"$": "not a mark", "d": Decimal("1.10")},
    }
    found = runner.run("echo", [path, b"from memory"], given)
    assert found["contents"] == [b"from a path", b"from memory"]
    assert found["given"] == {**given, "text": "图斑 ?"}


def test_it_hands_over_what_the_job_made(tmp_path: Path) -> None:
    target = tmp_path / "target.bin"
    assert runner.run("leave_file", [], {}, outputs={"made.bin": target}) == 9
    assert target.read_bytes() == b"made here"


def test_what_the_job_did_not_make_is_not_handed_over(tmp_path: Path) -> None:
    for name in ("none.bin", ".", "../in/0"):
        with pytest.raises(Stopped):
            runner.run("echo", [], {}, outputs={name: tmp_path / "target"})
    assert not (tmp_path / "target").exists()


def test_a_refusal_comes_as_the_job_made_it() -> None:
    with pytest.raises(Refused) as refused:
        runner.run("refuse", [], {})
    assert refused.value.data == {"code": "too_odd", "limit": 3}


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("fill_memory", Reason.MEMORY),
        ("burn", Reason.TIME),
        ("fault", Reason.CRASH),
        ("stumble", Reason.CRASH),
        ("fill_disk", Reason.CRASH),
        ("end_early", Reason.CRASH),
        ("flood", Reason.GARBAGE),
        ("say_garbage", Reason.GARBAGE),
        ("claim_much", Reason.GARBAGE),
    ],
)
def test_what_goes_wrong_in_a_child_is_told_apart(
    job: str, expected: Reason, scratch: Path
) -> None:
    began = time.monotonic()
    assert reason(job) is expected
    assert time.monotonic() - began < SMALL.wall_s + 5
    assert not list(scratch.iterdir())
    assert runner.run("echo", [], {})["contents"] == []  # the server lives on


def test_a_child_that_hangs_is_stopped(scratch: Path) -> None:
    began = time.monotonic()
    assert reason("hang", Limits(wall_s=0.3)) is Reason.TIME
    assert time.monotonic() - began < 3
    assert not list(scratch.iterdir())


def test_an_error_nobody_expected_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert reason("stumble") is Reason.CRASH
    assert "by a hair" in caplog.text


def test_a_server_that_died_is_started_again() -> None:
    runner.run("echo", [], {})
    process = runner.CLIENT.process
    assert process is not None
    process.kill()
    process.wait()
    assert runner.run("echo", [b"again"], {})["contents"] == [b"again"]


def test_a_wall_that_lacks_refuses_where_that_is_asked_for(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.QUARANTINE_STRICT = True  # type: ignore[attr-defined]
    monkeypatch.setattr("layers.quarantine.runner.WALLS", (*runner.WALLS, "moat"))
    assert reason("echo") is Reason.UNAVAILABLE
