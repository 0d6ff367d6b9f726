"""A source whose file is open in a child: the site gets its description, and its features when it asks.

While one chunk is being used the next is read. A child has at most two chunks to give at a time, so memory stays
flat on both sides. A pass that is given up costs what it had asked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from layers.importing.archive import SIDE_PARTS, Limits, Part
from layers.importing.packing import unpack_chunk, unpack_refusal, unpack_source
from layers.importing.problems import Code, ImportRefused, refuse
from layers.importing.source import CHUNK, Chunk, Source
from layers.quarantine import runner
from layers.quarantine.runner import Job, Reason, Refused, Stopped
from layers.quarantine.wire import Frame, WireError

_CODES = {
    Reason.MEMORY: Code.TOO_MUCH_MEMORY,
    Reason.TIME: Code.TOOK_TOO_LONG,
    Reason.CRASH: Code.READER_CRASHED,
    Reason.GARBAGE: Code.READER_CRASHED,
    Reason.KILLED: Code.READER_KILLED,
    Reason.BUSY: Code.TOO_MANY_AT_ONCE,
    Reason.UNAVAILABLE: Code.QUARANTINE_UNAVAILABLE,
}


@contextmanager
def opened_in_quarantine(
    parts: Sequence[Part], encoding: str | None, layer: str | None, limits: Limits
) -> Iterator[Source]:
    """Open what was sent, in a child. Raises ImportRefused, also for what ends the child."""
    mains = [part.name for part in parts if not part.name.lower().endswith(SIDE_PARTS)]
    name = [*mains, *(part.name for part in parts), ""][0]
    arguments = {
        "names": [part.name for part in parts],
        "encoding": encoding,
        "layer": layer,
        "limits": asdict(limits),
    }
    paths: list[Path | bytes] = [part.path for part in parts]
    with in_words(name), runner.start("vectors", paths, arguments) as job:
        yield RemoteSource(job)


@contextmanager
def in_words(file: str) -> Iterator[None]:
    """What happens to the child, as a problem of the file."""
    try:
        yield
    except Stopped as stopped:
        raise refuse(_CODES[stopped.reason], file) from stopped
    except Refused as refusal:
        raise _refusal(refusal.data, file) from refusal
    except WireError as error:
        raise refuse(Code.READER_CRASHED, file) from error


def _refusal(data: object, file: str) -> ImportRefused:
    try:
        return unpack_refusal(data)
    except WireError:
        return refuse(Code.READER_CRASHED, file)


class RemoteSource(Source):
    """See ``layers.importing.child`` for what answers."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._passes = 0
        self._waiting: dict[int, deque[Frame]] = {}
        frame = job.receive()
        if frame.kind != "source":
            raise Stopped(Reason.GARBAGE)
        unpack_source(frame.header.get("source"), self)

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """See Source. Fewer than ``size`` at a time where features are large."""
        with in_words(self.file):
            number = self._begin(size)
            try:
                self._ask(number)
                frame = self._next(number)
                if frame.kind == "chunk":
                    yield unpack_chunk(frame)
                    self._ask(number)  # the first is often all that is wanted: only now read ahead
                while frame.kind == "chunk":
                    self._ask(number)
                    frame = self._next(number)
                    if frame.kind == "chunk":
                        yield unpack_chunk(frame)
            finally:
                self._end(number)

    def _begin(self, size: int) -> int:
        self._passes += 1
        self._waiting[self._passes] = deque()
        self._job.send({"kind": "open", "pass": self._passes, "size": size})
        return self._passes

    def _ask(self, number: int) -> None:
        self._job.send({"kind": "next", "pass": number})

    def _next(self, number: int) -> Frame:
        """The next answer to this pass; those to others wait, those to ended ones are let go."""
        while not self._waiting[number]:
            frame = self._job.receive()
            owner = frame.header.get("pass")
            if frame.kind not in {"chunk", "end", "failed pass"} or not isinstance(owner, int):
                raise Stopped(Reason.GARBAGE)
            if owner in self._waiting:
                self._waiting[owner].append(frame)
        frame = self._waiting[number].popleft()
        if frame.kind == "failed pass":
            raise _refusal(frame.header.get("problems"), self.file)
        return frame

    def _end(self, number: int) -> None:
        del self._waiting[number]
        try:
            self._job.send({"kind": "drop", "pass": number})
        except Stopped:
            pass  # the child is gone; whoever asks next is told
