"""What every reader gives: a described source, and its features in chunks or one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import numpy as np
from django.utils.functional import Promise
from shapely.geometry.base import BaseGeometry

from gis_projects.geo.validity import Kind
from layers.importing.build import NOT_FINITE
from layers.importing.dbf import FieldType
from layers.importing.encoding import Detected
from layers.importing.problems import Code, Problem

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Field:
    """A column. ``width`` is that of the file's format, where it has one."""

    name: str
    type: FieldType
    width: int | None = None


@dataclass(frozen=True, slots=True)
class RawFeature:
    """A feature as the file has it: in 2-D or with heights, in the source's CRS; or the problem that it is."""

    number: int
    fid: str
    geometry: BaseGeometry | None
    had_z: bool
    properties: dict[str, Any]
    problem: Problem | None = None


@dataclass(slots=True)
class Chunk:
    """Consecutive features in columns. ``numbers`` count from 1; ``problems`` go by position.

    geometries: in 2-D or with heights; had_z says which.
    """

    numbers: np.ndarray
    fids: list[str]
    geometries: np.ndarray
    had_z: np.ndarray
    properties: list[dict[str, Any]]
    problems: dict[int, Problem] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.fids)


def not_built(file: str, number: int, reason: Promise) -> Problem:
    """The problem of a feature whose coordinates make no geometry. number: its place from 1."""
    if reason is NOT_FINITE:
        return Problem(Code.NOT_FINITE, file, number)
    return Problem(Code.MALFORMED_FEATURE, file, number, params={"reason": reason})


class Source(ABC):
    """An opened data set. Use as a context manager.

    ``crs_text``: WKT or name as the file states it, None when it states none. ``count``: None
    when the file does not tell reliably. ``kind``: the family of geometries, None when mixed or
    unknown.
    """

    file: str
    layer: str
    layers: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    kind: Kind | None = None
    crs_text: str | None = None
    count: int | None = None
    encoding: Detected | None = None
    warnings: tuple[Problem, ...] = ()

    @abstractmethod
    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """All features, ``size`` at a time, from the beginning. Raises ImportRefused."""

    def rows(self) -> Iterator[RawFeature]:
        """All features, one by one, in flat memory. Raises ImportRefused."""
        for chunk in self.chunks():
            for at in range(len(chunk)):
                yield RawFeature(
                    int(chunk.numbers[at]),
                    chunk.fids[at],
                    chunk.geometries[at],
                    bool(chunk.had_z[at]),
                    chunk.properties[at],
                    chunk.problems.get(at),
                )

    def close(self) -> None:  # noqa: B027 (a source that holds nothing open needs no more)
        """Let go of files."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
