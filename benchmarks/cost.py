"""What a program costs: time by the clock and of the processor, with all that it starts and a server that it asks."""

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """Of one run: seconds by the clock and of the processor, and the most that the command held, in MB (resident)."""

    seconds: float
    processor_s: float
    peak_mb: int

    def __add__(self, other: "Cost") -> "Cost":
        seconds, processor_s = self.seconds + other.seconds, self.processor_s + other.processor_s
        return Cost(seconds, processor_s, max(self.peak_mb, other.peak_mb))

    @property
    def halved(self) -> "Cost":
        return Cost(self.seconds / 2, self.processor_s / 2, self.peak_mb)


def postmaster(backend: int) -> int | None:
    """The parent of a backend that runs on this machine."""
    try:
        parent = _stat(backend)[1]
        is_here = "postgres" in Path(f"/proc/{parent}/comm").read_text()
    except OSError:
        return None
    return parent if is_here else None


def _stat(pid: int | str) -> tuple[list[int], int]:
    """User, system, and those of its children that have ended, in ticks; and its parent."""
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return list(map(int, words[11:15])), int(words[1])


def _server_s(server: int | None) -> float:
    """Processor time of a server and its processes until now; 0 where it is not here."""
    if server is None:
        return 0.0
    ticks = sum(_stat(server)[0])
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            own, parent = _stat(folder.name)
        except OSError:
            continue
        ticks += sum(own[:2]) if parent == server else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def run(command: Sequence[str], environment: dict[str, str], server: int | None = None) -> Cost:
    """In a process of its own that inherits what the command leaves behind, so that none of it goes uncounted."""
    reader, writer = os.pipe()
    before = _server_s(server)
    if (pid := os.fork()) == 0:
        os.close(reader)
        status = _run_counted(command, environment, writer)
        os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit(f"{' '.join(command)}\n{text}")
    seconds, processor_s, peak = map(float, text.split())
    return Cost(seconds, processor_s + _server_s(server) - before, int(peak))


def _run_counted(command: Sequence[str], environment: dict[str, str], told: int) -> int:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = f"{seconds} {used.ru_utime + used.ru_stime} {peak}"
    os.write(told, (done.stdout + done.stderr if done.returncode else figures).encode())
    return 1 if done.returncode else 0


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(one.seconds for one in costs),
        statistics.median(one.processor_s for one in costs),
        max(one.peak_mb for one in costs),
    )
