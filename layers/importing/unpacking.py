"""A zip from outside is unpacked in the quarantine, and its files come back, for whoever sorts them himself.

``unpacked`` is the child's side, the job ``unpacked``; ``unpacked_in_quarantine`` is the site's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layers.importing.packing import pack_problem
from layers.importing.problems import Code, ImportRefused, refuse
from layers.importing.remote import in_words
from layers.importing.unzip import DEFAULT_LIMITS, Limits, Part, unpack
from layers.quarantine import runner
from layers.quarantine.child import JobRefused, Work


def unpacked(work: Work) -> list[list[Any]]:
    """Name and number of each file of the zip; no number for one whose extension is not wanted."""
    given = work.arguments
    archive = Part(given["name"], work.files[0])
    try:
        parts = unpack(archive, work.folder, given["wanted"], Limits(**given["limits"]))
    except ImportRefused as refusal:
        raise JobRefused([pack_problem(one) for one in refusal.problems]) from refusal
    return [[part.name, int(part.path.name) if part.path.exists() else None] for part in parts]


def unpacked_in_quarantine(
    archive: Part, folder: Path, wanted: Sequence[str], limits: Limits = DEFAULT_LIMITS
) -> list[Part]:
    """What ``unzip.unpack`` gives, with the wanted files in ``folder``. Raises ImportRefused."""
    arguments = {"name": archive.name, "wanted": list(wanted), "limits": asdict(limits)}
    folder.mkdir(parents=True, exist_ok=True)
    with (
        in_words(archive.name),
        runner.start("unpacked", [archive.path], arguments) as job,
    ):
        found = _checked(job.result(), archive.name, limits)
        parts = []
        for name, number in found:
            target = folder / ("none" if number is None else str(number))
            if number is not None:
                job.take(str(number), target)
            parts.append(Part(name, target))
        return parts


def _checked(answer: Any, archive: str, limits: Limits) -> list[tuple[str, int | None]]:
    """The child has read what it was sent: its answer is input like any other."""
    try:
        found = [(str(name)[:1_000], number) for name, number in answer]
    except (TypeError, ValueError) as error:
        raise refuse(Code.READER_CRASHED, archive) from error
    numbers = [number for _name, number in found if number is not None]
    if len(found) > limits.entries or not all(type(number) is int for number in numbers):
        raise refuse(Code.READER_CRASHED, archive)
    return found
