"""A child's life: walls first, then the job, then the end. It never returns to where it was forked."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from layers.quarantine import jobs, sandbox
from layers.quarantine.values import tagged, untagged
from layers.quarantine.wire import Buffer, Frame, Pipe

_TRACEBACK_MAX = 8_000


class JobRefused(Exception):
    """A job's own refusal, with what JSON can say of it; the parent gets it as it is."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.data = data


@dataclass(slots=True)
class Work:
    """What a job is given.

    ``files`` lie under numbers and can only be read; what they are called is
    for ``arguments`` to say. ``folder`` is empty and the only place to write to.
    """

    files: list[Path]
    folder: Path
    arguments: dict[str, Any]
    walls: Mapping[str, str]
    pipe: Pipe = field(repr=False)

    def send(self, header: dict[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """A frame to the parent, before the job's result."""
        self.pipe.send(header, buffers)

    def receive(self) -> Frame | None:
        """What the parent says next; None when it has no more to say."""
        return self.pipe.receive()


def live(
    descriptor: int,
    order: Mapping[str, Any],
    known: Mapping[str, jobs.Job],
    walls: Mapping[str, str],
) -> None:
    """Do one job over ``descriptor``, and end the process."""
    status = 1
    try:
        _work(descriptor, order, known[order["job"]], walls)
        status = 0
    finally:
        os._exit(status)


def _work(
    descriptor: int, order: Mapping[str, Any], job: jobs.Job, walls: Mapping[str, str]
) -> None:
    _keep_only(descriptor)
    folder = Path(order["folder"])
    standing = sandbox.enter(folder / "in", folder / "work", order["limits"], walls)
    pipe = Pipe(descriptor)
    lacking = [wall for wall in order["walls"] if wall not in standing]
    if lacking:
        pipe.send({"kind": "unavailable", "lacking": lacking})
        return
    os.chdir(folder / "work")
    tempfile.tempdir = os.environ["CPL_TMPDIR"] = str(folder / "work")
    call = pipe.receive()
    if call is None:
        return
    files = [folder / "in" / str(number) for number in range(int(order["files"]))]
    arguments = untagged(call.header["arguments"])
    work = Work(files, folder / "work", arguments, standing, pipe)
    pipe.send(_answer(job, work))


def _answer(job: jobs.Job, work: Work) -> dict[str, Any]:
    try:
        return {"kind": "result", "value": tagged(job(work))}
    except JobRefused as refusal:
        return {"kind": "refused", "value": tagged(refusal.data)}
    except MemoryError:
        return {"kind": "memory"}
    except Exception:  # noqa: BLE001 (whatever a reader stumbles over is told to the parent's log)
        return {"kind": "failed", "traceback": traceback.format_exc()[-_TRACEBACK_MAX:]}


def _keep_only(descriptor: int) -> None:
    """Nothing that the server has open stays open here: input and output lead nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 4096)
