"""Where archives lie, and how far one is that is being made: below VAR_DIR/archives/<key>/, and that of all that
everybody sees in VAR_DIR/publication-archive/.

They are derived and can be made again, so no backup holds them. The progress is a file for the reasons that an import's
is one: it is told while nobody could see a row.
"""

import json
import re
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

# A worker that has told nothing for so long is taken for dead.
SILENT_S = 180.0
# Other work may come before it in the queue.
WAITING_S = 1_800.0
TELL_EVERY_S = 0.3
_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True)
class Archive:
    """A finished file. made_at: UTC."""

    revision: str
    path: Path
    size: int
    made_at: datetime


@dataclass(frozen=True)
class Progress:
    """state: queued | drawing | failed. share: 0 to 1."""

    revision: str
    state: str = "queued"
    share: float = 0.0

    @property
    def percent(self) -> int:
        return int(100 * self.share)


class Shelf:
    """The archives of one source, of the whole publication without a key.

    Raises ValueError for a key or a revision that is no plain word.
    """

    def __init__(self, key: str | None) -> None:
        var = Path(settings.VAR_DIR)
        self.folder = var / "publication-archive" if key is None else var / "archives" / _plain(key)
        self._told_at = 0.0

    def path(self, revision: str) -> Path:
        return self.folder / f"{_plain(revision)}.pmtiles"

    def archive(self, revision: str) -> Archive | None:
        path = self.path(revision)
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return Archive(revision, path, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def newest(self) -> Archive | None:
        """Of whichever revision."""
        found = [self.archive(path.stem) for path in self.folder.glob("*.pmtiles")]
        return max((one for one in found if one is not None), key=lambda a: a.made_at, default=None)

    def make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def tell(self, progress: Progress, *, now: bool = False) -> None:
        """More often than three times a second only when it has to be ``now``."""
        moment = time.monotonic()
        if not now and moment - self._told_at < TELL_EVERY_S:
            return
        self._told_at = moment
        self.make()
        new = self._progress.with_suffix(".new")
        new.write_text(json.dumps(asdict(progress)), encoding="utf-8")
        new.replace(self._progress)

    def progress(self) -> Progress | None:
        """Of what is being made, or has failed; None when there is nothing to tell, or the worker is silent."""
        try:
            silent_s = time.time() - self._progress.stat().st_mtime
            found = Progress(**json.loads(self._progress.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        silence = {"drawing": SILENT_S, "queued": WAITING_S}.get(found.state)
        return None if silence is not None and silent_s > silence else found

    def done(self) -> None:
        """Nothing is being made any more."""
        self._progress.unlink(missing_ok=True)

    def keep_only(self, revision: str) -> None:
        """Former archives, and what dead workers left."""
        for path in self.folder.iterdir():
            if path not in (self.path(revision), self._progress):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    @property
    def _progress(self) -> Path:
        return self.folder / "progress.json"


def _plain(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no plain word")
    return name
