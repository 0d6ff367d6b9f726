"""Keys for many rows that come together."""

import os
import time
import uuid

_RANDOM_BYTES = 10
_VERSION, _VARIANT = 0x7, 0b10


def ordered_ids(count: int) -> list[uuid.UUID]:
    """UUIDs that begin with the time, in rising order: an index takes them at its end, not all over itself.

    74 bits of each are random, as far as order leaves them so; they tell when a row was made, which is no secret.
    Source: RFC 9562, section 5.7 (version 7).
    """
    milliseconds = time.time_ns() // 1_000_000
    random = os.urandom(_RANDOM_BYTES * count)
    tails = sorted(
        int.from_bytes(random[start : start + _RANDOM_BYTES], "big")
        for start in range(0, len(random), _RANDOM_BYTES)
    )
    head = milliseconds << 80 | _VERSION << 76 | _VARIANT << 62
    high, low = 0xFFF << 64, (1 << 62) - 1
    return [uuid.UUID(int=head | tail & high | tail & low) for tail in tails]
