"""A job from end to end, and every way in which a child can fail: each ends in bounds, and leaves nothing."""

import datetime as dt
import json
import logging
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from layers.quarantine import runner
from layers.quarantine.runner import Limits, Reason, Refused, Stopped
from layers.quarantine.server import _oom_kills
from layers.quarantine.slots import NoSlot, slot

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


def test_a_child_that_somebody_killed_had_memory_enough() -> None:
    with pytest.raises(Stopped) as stopped, runner.start("hang", [], {}, SMALL) as job:
        os.kill(_child(job), signal.SIGKILL)
        job.receive()
    assert stopped.value.reason is Reason.KILLED
    assert stopped.value.reason.is_ours


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((3, 3), Reason.KILLED), ((3, 4), Reason.MEMORY), ((None, None), Reason.MEMORY)],
)
def test_the_kernels_own_count_tells_who_was_killed_for_memory(
    counts: tuple[int | None, int | None], expected: Reason
) -> None:
    before, after = counts
    told = {"code": -signal.SIGKILL, "oom": None if before is None else after != before}
    ours, servers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    data, childs = socket.socketpair()
    servers.send(json.dumps(told).encode())
    childs.close()
    job = runner.Job(Path("nowhere"), data, ours, 1.0)
    with pytest.raises(Stopped) as stopped:
        job.receive()
    assert stopped.value.reason is expected
    for one in (ours, servers, data):
        one.close()


def test_the_kernel_counts() -> None:
    """Where it does not, a kill is taken for want of memory, as it was before."""
    count = _oom_kills()
    assert count is None or count >= 0
    assert (count is None) == ("oom_kill " not in Path("/proc/vmstat").read_text())


def _child(job: runner.Job) -> int:
    """The process that works in the job's folder: the youngest child of the server."""
    server = runner.CLIENT.process
    assert server is not None
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    until = time.monotonic() + 5
    while time.monotonic() < until:
        found = children.read_text().split()
        if found:
            return int(found[-1])
        time.sleep(0.01)
    raise AssertionError("no child")


def test_no_more_than_so_many_are_at_work(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.QUARANTINE_JOBS, settings.QUARANTINE_WAIT_S = tmp_path, 2, 0.2
    with runner.start("hang", [], {}, SMALL), runner.start("hang", [], {}, SMALL):
        assert reason("echo") is Reason.BUSY
    assert runner.run("echo", [], {})["contents"] == []


def test_whoever_waits_gets_his_turn(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.QUARANTINE_JOBS, settings.QUARANTINE_WAIT_S = tmp_path, 1, 30
    found: list[Any] = []
    with runner.start("hang", [], {}, SMALL):
        waiting = threading.Thread(target=lambda: found.append(runner.run("echo", [b"x"], {})))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert not found
    waiting.join(20)
    assert found[0]["contents"] == [b"x"]


def test_a_slot_is_free_when_its_process_is_gone(tmp_path: Path) -> None:
    """However it ended: another process holds the only one, and is killed."""
    code = (
        "import sys, time; from pathlib import Path; from layers.quarantine.slots import slot\n"
        "with slot(Path(sys.argv[1]), 1, 0):\n    print('held', flush=True); time.sleep(60)"
    )
    house = Path(__file__).resolve().parents[3]
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=house, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(NoSlot), slot(tmp_path, 1, 0.1):
        pass
    holder.kill()
    holder.wait()
    with slot(tmp_path, 1, 5):
        pass


def test_where_there_can_be_no_slots_nothing_is_read(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "quarantine").write_text("a file in the folder's place")
    settings.VAR_DIR = tmp_path
    assert reason("echo") is Reason.UNAVAILABLE
