"""Asks a server for tiles as browsers do: over connections that stay open, several at a time."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Tile = tuple[int, int, int]
Address = Callable[[Tile], str]


@dataclass
class Answers:
    """seconds and bytes of each answer by zoom; per_s: tiles answered each second, by all clients together.

    lost: tiles that the server hung up on.
    """

    per_s: float = 0.0
    seconds: dict[int, list[float]] = field(default_factory=dict)
    sizes: dict[int, list[int]] = field(default_factory=dict)
    lost: int = 0
    refused: list[str] = field(default_factory=list)

    def p95_ms(self, z: int) -> float:
        return 1000 * quantile(self.seconds[z], 0.95)

    def p99_bytes(self) -> int:
        return int(quantile([one for sizes in self.sizes.values() for one in sizes], 0.99))

    def max_bytes(self) -> int:
        return max(one for sizes in self.sizes.values() for one in sizes)


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(port: int, address: Address, tiles: Sequence[Tile], clients: int = 8) -> Answers:
    """Each tile once, shared out among clients. An answer that is neither 200 nor 204 ends the program."""
    answers, lock = Answers(), threading.Lock()
    waiting = list(reversed(tiles))

    def client() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with lock:
                if not waiting:
                    return
                tile = waiting.pop()
            began = time.perf_counter()
            try:
                link.request("GET", address(tile), headers={"Accept-Encoding": "gzip"})
                response = link.getresponse()
                body = response.read()
            except (http.client.HTTPException, ConnectionError):
                link.close()  # the next request opens it again
                answers.lost += 1
                continue
            took = time.perf_counter() - began
            if response.status not in {200, 204}:
                answers.refused.append(f"{address(tile)}: {response.status} {body[:300]!r}")
                return
            with lock:
                answers.seconds.setdefault(tile[0], []).append(took)
                answers.sizes.setdefault(tile[0], []).append(len(body))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if answers.refused:
        raise SystemExit(answers.refused[0])
    answers.per_s = (len(tiles) - answers.lost) / (time.perf_counter() - began)
    return answers


def median_per_s(rounds: Sequence[Answers]) -> float:
    return statistics.median(one.per_s for one in rounds)
