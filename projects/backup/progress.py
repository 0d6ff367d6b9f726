"""Progress in words, for work long enough to wonder about."""

import time
from collections.abc import Callable

EVERY_S = 5.0


class Meter:
    """Says the share that is done, at most every EVERY_S seconds. total: bytes."""

    def __init__(self, total: int, say: Callable[[str], None]) -> None:
        self.total, self.say = total, say
        self.done, self.said = 0, time.monotonic()

    def add(self, count: int) -> None:
        self.done += count
        if self.total and time.monotonic() - self.said > EVERY_S:
            self.said = time.monotonic()
            self.say(
                f"  {100 * self.done // self.total} % ({self.done // 1_000_000} / {self.total // 1_000_000} MB)"
            )
