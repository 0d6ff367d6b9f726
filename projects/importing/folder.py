"""A job's folder below VAR_DIR/uploads: its files, its preview, its row report, and how far its worker is.

Progress is a file and no row, because a worker tells it in the middle of the import's transaction: on SQLite that
transaction is the only one that may write, and on PostgreSQL nobody would see a row before it ends. Workers need the
uploaded files anyway, so web process and workers share this folder already, whichever database there is.
"""

import json
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

BEAT_S = 5.0
# A worker that has not been heard of for so long is taken for dead.
SILENT_S = 60.0
_PAUSE_S = 0.3  # between two writings of the progress


@dataclass(frozen=True)
class Progress:
    """phase: queued | reading | checking | writing | undoing | finishing. total: None when nobody knows it."""

    phase: str = "queued"
    done: int = 0
    total: int | None = None

    @property
    def percent(self) -> int | None:
        if not self.total:
            return None
        return min(100, 100 * self.done // self.total)


class JobFolder:
    """The folder of one job; made when something is first written."""

    def __init__(self, job_id: uuid.UUID) -> None:
        self.path = uploads_root() / job_id.hex
        self._told_at = 0.0

    def part(self, number: int) -> Path:
        """The bytes of one file as they came; a sender's name never becomes a path."""
        return self.path / f"{number}.part"

    @property
    def preview(self) -> Path:
        return self.path / "preview.json"

    @property
    def rows(self) -> Path:
        return self.path / "rows.sqlite3"

    def make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, text: str) -> None:
        """Whole or not at all: a reader never meets half a file."""
        self.make()
        new = path.with_name(f"{path.name}.{uuid.uuid4().hex}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)

    def tell(self, progress: Progress, *, now: bool = False) -> None:
        """Write the progress; more often than three times a second only when it has to be ``now``."""
        moment = time.monotonic()
        if not now and moment - self._told_at < _PAUSE_S:
            return
        self._told_at = moment
        self.write(self.path / "progress.json", json.dumps(asdict(progress)))

    def progress(self) -> Progress:
        try:
            found = json.loads((self.path / "progress.json").read_text(encoding="utf-8"))
        except OSError:
            return Progress()
        return Progress(**found)

    @property
    def silence_s(self) -> float | None:
        """Seconds since the worker's last sign of life; None when none was ever seen."""
        try:
            return time.time() - self._alive.stat().st_mtime
        except OSError:
            return None

    @contextmanager
    def beating(self) -> Iterator[None]:
        """A sign of life every few seconds, from a thread: reading a large file may keep the worker itself busy."""
        self.make()
        self._alive.touch()
        over = threading.Event()
        heart = threading.Thread(target=self._beat, args=(over,), daemon=True)
        heart.start()
        try:
            yield
        finally:
            over.set()
            heart.join()

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(BEAT_S):
            with suppress(OSError):
                self._alive.touch()

    def ask_to_stop(self) -> None:
        """A file too: the worker may hold the only pen of the database."""
        self.make()
        self._stop.touch()

    @property
    def is_to_stop(self) -> bool:
        return self._stop.exists()

    def begin(self) -> None:
        """Forget what was said of and to an earlier attempt."""
        self._stop.unlink(missing_ok=True)
        self._alive.unlink(missing_ok=True)
        self.tell(Progress(), now=True)

    def remove_parts(self) -> None:
        """The uploaded bytes; preview and report stay."""
        for path in self.path.glob("*.part"):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def _alive(self) -> Path:
        return self.path / "alive"

    @property
    def _stop(self) -> Path:
        return self.path / "stop"


def uploads_root() -> Path:
    return Path(settings.VAR_DIR) / "uploads"
