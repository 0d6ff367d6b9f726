"""A file of sites as a bureau would send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

NAME_MARK = "演示·"


@dataclass(frozen=True, slots=True)
class DemoSite:
    """district: GB/T 2260 code; geom: EPSG:4326, lon/lat; attributes: by the programme's keys."""

    code: str
    name: str
    district: str
    geom: BaseGeometry
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dataset:
    """stem: the file's name; srid: the CRS in which it is written; title: what it holds, in Chinese.

    ldid: the language byte of the .dbf; cpg: text of the .cpg, None for no such file. names: columns that do
    not carry the first characters of the field's title. has_prj: False when the bureau left it out.
    """

    stem: str
    programme: str
    title: str
    srid: int
    encoding: str
    sites: list[DemoSite]
    ldid: int = 0
    cpg: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    has_prj: bool = True
