"""Running a job on files from outside, in a child that can do no harm.

    from layers.quarantine import runner

    facts = runner.run(
        "raster",                       # a name in jobs.JOBS
        [path_of_the_upload],           # the child sees files[0], read-only, under a number
        {"name": "before.tif"},         # JSON; dates, decimals, bytes and NaN travel too
        outputs={"scene.tif": target},  # what the child left as work.folder / "scene.tif" is moved to target
    )

and in the room of the job, with all imports of readers:

    def raster(work: Work) -> dict[str, Any]:   # from layers.quarantine.child import Work, JobRefused
        with rasterio.open(work.files[0], driver="GTiff") as source: ...
        if too_large:
            raise JobRefused({"code": "too_many_pixels", "limit": 5})
        return {"width": 512}                   # what run returns

Raises Refused (``data`` is what the job gave to JobRefused) or Stopped (``reason`` says what ended it). Whoever asks
makes the sentence. Names and text in a result come from outside: they are to be treated as any input is.
``start`` is for jobs that talk with the parent while they run.
"""

from __future__ import annotations

import json
import logging
import shutil
import socket
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings

from layers.quarantine.client import CLIENT, Client, ServerLost
from layers.quarantine.limits import Limits, usual_limits
from layers.quarantine.sandbox import WALLS
from layers.quarantine.slots import NoSlot, slot
from layers.quarantine.values import tagged, untagged
from layers.quarantine.wire import Buffer, Frame, WireError, packed, read_frame

__all__ = [
    "WALLS",
    "Client",
    "Job",
    "Limits",
    "Reason",
    "Refused",
    "Stopped",
    "run",
    "start",
    "usual_limits",
]

_log = logging.getLogger(__name__)
_LAST_WORDS_S, _OWN_END_S = 10.0, 2.0
_SIGXCPU, _SIGKILL = 24, 9


class Reason(StrEnum):
    """Why a child did not come to its end."""

    MEMORY = "memory"
    TIME = "time"
    CRASH = "crash"  # a fault, or an error that its reader did not expect
    GARBAGE = "garbage"  # it sent what is no answer
    KILLED = "killed"  # by somebody outside, and not for want of memory
    BUSY = "busy"  # as many as may be at work were so for as long as one waits
    UNAVAILABLE = (
        "unavailable"  # it could not be started, or a wall lacks and QUARANTINE_STRICT is set
    )

    @property
    def is_ours(self) -> bool:
        """Whether the file is not to blame, and may be sent again as it is."""
        return self in (Reason.KILLED, Reason.BUSY, Reason.UNAVAILABLE)


class Stopped(Exception):
    """A child was stopped, or stopped itself, before it had an answer."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Refused(Exception):
    """The job refused the file; ``data`` is what it says about that."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.data = data


class Job:
    """A child at work. One thread uses it."""

    def __init__(
        self, folder: Path, data: socket.socket, control: socket.socket, wall_s: float
    ) -> None:
        self.folder = folder
        self._data = data
        self._control = control
        self._left_s = wall_s

    def send(self, header: dict[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """Say something to the child. Raises Stopped when it is gone or does not listen."""
        try:
            for piece in packed(header, buffers):
                self._data.settimeout(max(self._left_s, 0.001))
                self._data.sendall(piece)
        except TimeoutError as error:
            raise Stopped(Reason.TIME) from error
        except OSError as error:
            self._hear_why()
            raise Stopped(self._end()) from error

    def _hear_why(self) -> None:
        """A child that will not listen may have said why before it went. Raises Stopped or Refused if so."""
        with suppress(OSError, WireError):
            frame = read_frame(self._fill)
            if frame is not None:
                self._raise_for(frame)

    def receive(self) -> Frame:
        """What the child says next. Raises Stopped or Refused."""
        try:
            frame = read_frame(self._fill)
        except TimeoutError as error:
            raise Stopped(Reason.TIME) from error
        except WireError as error:
            reason = self._end()
            raise Stopped(Reason.GARBAGE if reason is Reason.CRASH else reason) from error
        except OSError as error:
            raise Stopped(self._end()) from error
        if frame is None:
            raise Stopped(self._end())
        self._raise_for(frame)
        return frame

    def result(self) -> Any:
        """The answer of a job that only gives one. Raises Stopped or Refused."""
        frame = self.receive()
        if frame.kind != "result":
            raise Stopped(Reason.GARBAGE)
        return plain(frame.header.get("value"))

    def take(self, name: str, target: Path) -> None:
        """Move a file that the child left in its folder. Raises Stopped when it left none."""
        made = self.folder / "work" / name
        try:
            is_file = stat.S_ISREG(made.lstat().st_mode)
        except OSError:
            is_file = False
        if not is_file:  # a link would lead to what the child could not read itself
            raise Stopped(Reason.GARBAGE)
        self.close()  # nobody writes to it any more
        made.chmod(0o644)
        shutil.move(made, target)

    def close(self) -> None:
        """Let the child end, now. When this returns it is gone."""
        if self._control.fileno() >= 0:
            self._last_words()
            self._control.close()
        self._data.close()

    def _fill(self, room: memoryview) -> int:
        """Only waiting counts: what the parent does meanwhile is its own time."""
        if self._left_s <= 0:
            raise TimeoutError
        self._data.settimeout(self._left_s)
        before = time.monotonic()
        try:
            return self._data.recv_into(room)
        finally:
            self._left_s -= time.monotonic() - before

    def _raise_for(self, frame: Frame) -> None:
        if frame.kind == "refused":
            raise Refused(plain(frame.header.get("value")))
        if frame.kind == "memory":
            raise Stopped(Reason.MEMORY)
        if frame.kind == "unavailable":
            _log.error("The quarantine lacks %.200s", frame.header.get("lacking"))
            raise Stopped(Reason.UNAVAILABLE)
        if frame.kind == "failed":
            _log.error("A reader failed in quarantine:\n%.8000s", frame.header.get("traceback"))
            raise Stopped(Reason.CRASH)

    def _end(self) -> Reason:
        """Why the child is gone, from how it ended; it is killed when it is not."""
        told = self._last_words(kill=False)
        if told.get("code") == -_SIGXCPU:
            return Reason.TIME
        if told.get("code") == -_SIGKILL:
            # Where the kernel does not count whom it ends for memory, that is the likeliest by far.
            return Reason.KILLED if told.get("oom") is False else Reason.MEMORY
        return Reason.CRASH

    def _last_words(self, kill: bool = True) -> dict[str, Any]:
        """The server's: ``code`` that the child ended with, and ``oom``, whether the kernel wanted memory meanwhile."""
        try:
            if kill:
                self._control.shutdown(socket.SHUT_WR)
            self._control.settimeout(_LAST_WORDS_S if kill else _OWN_END_S)
            text = self._control.recv(256)
            return dict(json.loads(text)) if text else {}
        except (OSError, ValueError):
            return {}


def plain(value: Any) -> Any:
    """A value from the wire. Raises Stopped when it is none."""
    try:
        return untagged(value)
    except WireError as error:
        raise Stopped(Reason.GARBAGE) from error


@contextmanager
def start(
    name: str,
    files: Sequence[Path | bytes],
    arguments: Mapping[str, Any],
    limits: Limits | None = None,
) -> Iterator[Job]:
    """A child that does the job ``name``; it and its folder are gone afterwards.

    files: paths, or contents; the child sees copies, and one that is not there is missing there too. Waits for a slot
    where as many are at work as may be (QUARANTINE_JOBS, QUARANTINE_WAIT_S). Raises Stopped.
    """
    with _slot(), _started(name, files, arguments, limits or usual_limits()) as job:
        yield job


@contextmanager
def _slot() -> Iterator[None]:
    folder = Path(settings.VAR_DIR) / "quarantine"
    held = slot(folder, settings.QUARANTINE_JOBS, settings.QUARANTINE_WAIT_S)
    with ExitStack() as stack:
        try:
            stack.enter_context(held)
        except NoSlot as error:
            _log.warning("All %s slots of the quarantine are taken", settings.QUARANTINE_JOBS)
            raise Stopped(Reason.BUSY) from error
        except OSError as error:
            raise Stopped(Reason.UNAVAILABLE) from error
        yield


@contextmanager
def _started(
    name: str, files: Sequence[Path | bytes], arguments: Mapping[str, Any], limits: Limits
) -> Iterator[Job]:
    with tempfile.TemporaryDirectory(prefix="quarantine-") as made:
        folder = Path(made).resolve()
        _lay_out(files, folder)
        order = {
            "job": name,
            "folder": str(folder),
            "files": len(files),
            "limits": limits.as_json(),
            "walls": WALLS if settings.QUARANTINE_STRICT else (),  # those it must have
        }
        try:
            data, control = CLIENT.begin(order)
        except (ServerLost, OSError) as error:
            raise Stopped(Reason.UNAVAILABLE) from error
        job = Job(folder, data, control, limits.wall_s)
        try:
            job.send({"kind": "call", "arguments": tagged(dict(arguments))})
            yield job
        finally:
            job.close()


def run(
    name: str,
    files: Sequence[Path | bytes],
    arguments: Mapping[str, Any],
    limits: Limits | None = None,
    outputs: Mapping[str, Path] | None = None,
) -> Any:
    """Do a job that gives one answer. See the head of this module. Raises Refused or Stopped."""
    with start(name, files, arguments, limits) as job:
        result = job.result()
        for made, target in (outputs or {}).items():
            job.take(made, target)
        return result


def _lay_out(files: Sequence[Path | bytes], folder: Path) -> None:
    inside = folder / "in"
    inside.mkdir()
    (folder / "work").mkdir()
    for number, given in enumerate(files):
        copy = inside / str(number)
        if isinstance(given, bytes):
            copy.write_bytes(given)
        elif given.is_file():
            # Copied, not linked: a link would let a child without walls write to the original.
            shutil.copyfile(given, copy)
