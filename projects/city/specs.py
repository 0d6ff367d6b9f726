"""What a city folder says, once it has been read and found right. Lines point back into the files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shapely.geometry.base import BaseGeometry

from gis_projects.geo.bbox import BBox


@dataclass(frozen=True)
class Spot:
    """Where something stands, for a mistake that shows only beside the database."""

    file: str
    line: int
    field: str


@dataclass(frozen=True)
class CitySpec:
    spot: Spot
    key: str
    code: str
    name: str
    name_en: str
    bbox: BBox
    is_demonstration: bool
    attribution: str
    attribution_en: str
    map_approval_number: str


@dataclass(frozen=True)
class DistrictSpec:
    """geom: polygon, EPSG:4326 lon/lat, or None."""

    code: str
    name: str
    name_en: str
    pinyin: str
    kind: str
    geom: BaseGeometry | None
    is_schematic: bool
    order: int


@dataclass(frozen=True)
class LayerFeature:
    """geom: any kind, EPSG:4326 lon/lat."""

    name: str
    name_en: str
    geom: BaseGeometry
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class LayerSpec:
    key: str
    name: str
    name_en: str
    group: str
    group_en: str
    attribution: str
    is_schematic: bool
    published: bool
    style: Mapping[str, Any]
    order: int
    features: tuple[LayerFeature, ...]


@dataclass(frozen=True)
class StateSpec:
    key: str
    name: str
    name_en: str
    phase: str
    is_initial: bool
    order: int


@dataclass(frozen=True)
class StepSpec:
    source: str
    target: str
    requires_photo: bool
    requires_note: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class WorkflowSpec:
    spot: Spot
    key: str
    name: str
    name_en: str
    states: tuple[StateSpec, ...]
    steps: tuple[StepSpec, ...]

    @property
    def state_keys(self) -> list[str]:
        return [state.key for state in self.states]


@dataclass(frozen=True)
class ProgrammeSpec:
    """schema: JSON Schema (draft 2020-12) of the attributes."""

    spot: Spot
    key: str
    name: str
    name_en: str
    theme: str
    theme_en: str
    description: str
    description_en: str
    workflow: str
    geometry_kinds: tuple[str, ...]
    symbol: str
    precision: str
    schema: Mapping[str, Any]
    lead_dept: str
    lead_dept_en: str
    published: bool
    order: int


@dataclass(frozen=True)
class TargetSpec:
    key: str
    name: str
    name_en: str
    kind: str
    comparator: str
    value: Decimal | None
    value_max: Decimal | None
    unit: str
    unit_en: str
    measure: str
    programme: str
    where: Mapping[str, Any]
    value_field: str
    accepted_field: str
    milestone_state: str
    lead_dept: str
    note: str
    note_en: str
    order: int


@dataclass(frozen=True)
class ClauseSpec:
    key: str
    section: str
    section_en: str
    text: str
    text_en: str
    order: int
    targets: tuple[TargetSpec, ...]


@dataclass(frozen=True)
class ReportSpec:
    key: str
    year: int
    title: str
    title_en: str
    issuer: str
    clauses: tuple[ClauseSpec, ...]


@dataclass(frozen=True)
class CityFolder:
    """A whole folder, free of mistakes of its own."""

    city: CitySpec
    districts: tuple[DistrictSpec, ...]
    layers: tuple[LayerSpec, ...]
    workflows: tuple[WorkflowSpec, ...]
    programmes: tuple[ProgrammeSpec, ...]
    reports: tuple[ReportSpec, ...] = field(default=())
