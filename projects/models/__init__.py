"""The domain's tables, one file per subject."""

from projects.models.assignment import Assignment, SiteAssignment
from projects.models.city import City, District
from projects.models.evidence import Inspection, Photo, PhotoPair, PhotoRole, ScenePair, Transition
from projects.models.importing import ImportedRow, ImportJob, JobKind, JobState, SavedMapping
from projects.models.installation import Installation
from projects.models.programme import Phase, Programme, Workflow, WorkflowState, WorkflowStep
from projects.models.report import Clause, Comparator, Kind, Measure, Report, Target
from projects.models.site import Site
from projects.models.sync import (
    Correction,
    Device,
    Operation,
    OperationState,
    PhotoState,
    PhotoUpload,
    Track,
)

__all__ = [
    "Assignment",
    "City",
    "Clause",
    "Comparator",
    "Correction",
    "Device",
    "District",
    "ImportJob",
    "ImportedRow",
    "Inspection",
    "Installation",
    "JobKind",
    "JobState",
    "Kind",
    "Measure",
    "Operation",
    "OperationState",
    "Phase",
    "Photo",
    "PhotoPair",
    "PhotoRole",
    "PhotoState",
    "PhotoUpload",
    "Programme",
    "Report",
    "SavedMapping",
    "ScenePair",
    "Site",
    "SiteAssignment",
    "Target",
    "Track",
    "Transition",
    "Workflow",
    "WorkflowState",
    "WorkflowStep",
]
