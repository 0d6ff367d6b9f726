"""The demonstration into the database, through the same doors that people use; a second time changes nothing.

Import, then dates and figures, then photos and scenes, then the steps of the workflow: as far as the evidence goes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Role, User
from layers.importing.problems import ImportRefused
from projects import editing, workflow
from projects.demo import accounts, manifest, rendering
from projects.demo.manifest import FileEntry, Manifest, Standing
from projects.demo.pictures import Placed
from projects.demo.schedule import step_days
from projects.importing import ImportOptions, import_sites
from projects.models import Assignment, City, Programme, Site, WorkflowState, WorkflowStep

Say = Callable[[str], None]
_NOTES = {
    "suspended": "演示：冬季停工，十一月至次年四月不施工。",
    "rejected": "演示：方案缺少覆土来源说明，退回补充。",
    "rectification": "演示：验收发现排水和收边未完成，限期整改。",
    "replanting": "演示：样地成活率不足，限期补植。",
}
_NOTE = "演示：按进度表登记。"


class DemoRefused(Exception):
    """The demonstration cannot be loaded here; the message says why."""


@dataclass
class Loaded:
    """What a run changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    steps: int = 0
    photos: int = 0
    scenes: int = 0


@dataclass
class Loader:
    """folder: data/shapefiles. pictures: at most so many photos and so many pairs of scenes, None for all."""

    folder: Path
    say: Say
    pictures: int | None = None
    processes: int = 0
    done: Loaded = field(default_factory=Loaded)

    def run(self) -> Loaded:
        """Raises DemoRefused; then what the finished programmes brought stays, for the next run to continue."""
        city = City.objects.first()
        if city is None or not city.is_demonstration:
            raise DemoRefused(
                "load_demo is for a demonstration city only: load_city cities/qiqihar comes first"
            )
        plan = self._read()
        accounts.create_accounts()
        Assignment.objects.get_or_create(user=self.inspector, district=None, programme=None)
        for number, entry in enumerate(plan.files, start=1):
            self._import(entry, plan, f"{number}/{len(plan.files)}")
        placed = self._placed(plan)
        self._write_figures(placed)
        self.done.photos = rendering.add_photos(
            placed, self.inspector, self.pictures, self.processes, self.say
        )
        self.done.scenes = rendering.add_scenes(
            placed, plan.as_of, self.pictures, self.processes, self.say
        )
        self._move(placed, plan.registered_on)
        return self.done

    @cached_property
    def planner(self) -> User:
        return User.objects.get(username="planner", role=Role.PLANNER)

    @cached_property
    def inspector(self) -> User:
        return User.objects.get(username="inspector", role=Role.INSPECTOR)

    def _read(self) -> Manifest:
        try:
            return manifest.read(self.folder)
        except (OSError, KeyError, ValueError) as error:
            raise DemoRefused(f"{self.folder}: {error}") from error

    def _import(self, entry: FileEntry, plan: Manifest, number: str) -> None:
        programme = Programme.objects.select_related("workflow").filter(key=entry.programme).first()
        if programme is None:
            raise DemoRefused(f"{entry.path.name}: the city has no programme {entry.programme}")
        options = ImportOptions(
            encoding=entry.encoding,
            crs=entry.crs,
            mapping=entry.mapping,
            publish=True,
            is_demonstration=True,
            on=plan.registered_on,
        )
        try:
            report = import_sites(programme, [entry.path], options, by=self.planner, dry_run=False)
        except ImportRefused as refused:
            raise DemoRefused("\n".join(one.sentence() for one in refused.problems)) from refused
        if report.refused:
            raise DemoRefused("\n".join(one.sentence() for one in report.refused))
        self.done.created += report.created
        self.done.updated += report.updated
        self.done.unchanged += report.unchanged
        self.say(f"  files {number}: {entry.path.name} → {programme.name}, {report.sites} sites")

    def _placed(self, plan: Manifest) -> list[Placed]:
        """Every site of the progress table, beside its row. Raises DemoRefused for a row without a site."""
        found = Site.objects.filter(programme__key__in=plan.programmes)
        found = found.select_related("programme__workflow", "state")
        sites = {(site.programme.key, site.code): site for site in found}
        ways = _Ways()
        placed = []
        for row in plan.standings:
            site = sites.get((row.programme, row.code))
            if site is None:
                raise DemoRefused(f"progress.csv: there is no site {row.programme} {row.code}")
            goal, path = ways.to(site.programme, row.state)
            asks = any(step.requires_photo for step in path)
            placed.append(Placed(site, row, goal.phase, asks))
        return placed

    def _write_figures(self, placed: Sequence[Placed]) -> None:
        """Dates, progress, and the figure that the acceptance found."""
        with transaction.atomic():
            for one in placed:
                attributes = _with_accepted(one.site, one.standing)
                editing.update_site(one.site, _plain(one.standing), new_attributes=attributes)

    def _move(self, placed: Sequence[Placed], registered_on: dt.date) -> None:
        ways = _Ways()
        total = len(placed)
        for begin in range(0, total, 250):
            with transaction.atomic():
                for one in placed[begin : begin + 250]:
                    _goal, path = ways.to(one.site.programme, one.standing.state)
                    self.done.steps += self._walk(
                        one, path, step_days(path, one.standing, registered_on)
                    )
            self.say(
                f"  sites {min(begin + 250, total)}/{total}: {self.done.steps} steps of their workflows taken"
            )

    def _walk(self, one: Placed, path: Sequence[WorkflowStep], days: Sequence[dt.date]) -> int:
        """Take the steps that are left. A site that somebody led elsewhere stays where it is."""
        taken = 0
        has_photo = None
        for step, day in zip(path, days, strict=True):
            if step.source_id != one.site.state_id:
                continue
            if step.requires_photo and has_photo is None:
                has_photo = one.site.photos.exists()
            if step.requires_photo and not has_photo:
                break
            by = self.inspector if Role.INSPECTOR in step.roles else self.planner
            inspection = one.site.inspections.first() if step.requires_photo else None
            note = _NOTES.get(step.target.key, _NOTE) if step.requires_note else ""
            editing.move_site(
                one.site, step.target, by=by, on=day, note=note, inspection=inspection
            )
            taken += 1
        return taken


class _Ways:
    """The way from registration to a state, worked out once for each workflow."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[WorkflowState, list[WorkflowStep]]] = {}

    def to(self, programme: Programme, state: str) -> tuple[WorkflowState, list[WorkflowStep]]:
        """The state and the steps that lead to it. Raises DemoRefused when there is none."""
        key = (programme.workflow_id, state)
        if key not in self._known:
            self._known[key] = self._find(programme, state)
        return self._known[key]

    def _find(self, programme: Programme, state: str) -> tuple[WorkflowState, list[WorkflowStep]]:
        goal = WorkflowState.objects.filter(workflow=programme.workflow_id, key=state).first()
        steps: Iterable[WorkflowStep] = WorkflowStep.objects.filter(workflow=programme.workflow_id)
        steps = steps.select_related("source", "target")  # type: ignore[attr-defined]
        path = (
            None
            if goal is None
            else workflow.path_to(workflow.initial_state(programme), goal, steps)
        )
        if goal is None or path is None:
            raise DemoRefused(f"progress.csv: {programme.key} has no way to a state {state}")
        return goal, path


def _plain(row: Standing) -> dict[str, Any]:
    return {
        "progress": row.progress,
        "planned_start": row.planned_start,
        "planned_end": row.planned_end,
        "actual_start": row.actual_start,
        "actual_end": row.actual_end,
    }


def _with_accepted(site: Site, row: Standing) -> Mapping[str, Any] | None:
    if row.accepted is None:
        return None
    spec = site.programme.attribute_schema["properties"][row.accepted_field]
    value = int(row.accepted) if spec["type"] == "integer" else row.accepted
    return {**site.attributes, row.accepted_field: value}
