"""The folder into the database: all of it or none, and the same again when it is loaded again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts import audit
from projects.city import layers, programmes, reports, workflows
from projects.city.folder import read_folder
from projects.city.in_use import conflicts
from projects.city.mistakes import FolderRefused
from projects.city.specs import CityFolder
from projects.city.upsert import Tally
from projects.editing import to_geos
from projects.models import City, District, Workflow
from projects.publication import bump_revision


@dataclass(frozen=True)
class Loaded:
    """One kind of rows that is done. what: such as ``districts``, untranslated."""

    what: str
    tally: Tally


class _Undo(Exception):
    """Leaves the transaction of a dry run."""


def load_city(
    path: Path,
    *,
    dry_run: bool = False,
    on_progress: Callable[[Loaded], None] = lambda _loaded: None,
) -> list[Loaded]:
    """Load the folder at ``path``; ``on_progress`` hears of each kind of rows as it is done.

    dry_run: read, check and report the same, but store nothing.
    Raises FolderRefused with every mistake in the folder, or else with everything that existing sites forbid.
    """
    folder = read_folder(path)
    done: list[Loaded] = []
    try:
        with transaction.atomic(), audit.gathered():
            found = conflicts(folder)
            if found:
                raise FolderRefused(found)
            for loaded in _write(folder):
                done.append(loaded)
                on_progress(loaded)
            if any(loaded.tally.changed for loaded in done):
                bump_revision()
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    return done


def _write(folder: CityFolder) -> Iterator[Loaded]:
    """First what others stand on; what goes goes after what no longer points to it."""
    city, tally = _city(folder)
    yield Loaded("city", tally)
    yield Loaded("districts", _districts(folder, city))
    yield from (Loaded(what, tally) for what, tally in workflows.write(folder.workflows))
    yield Loaded("programmes", programmes.write(folder.programmes))
    yield from (Loaded(what, tally) for what, tally in reports.write(folder.reports, city))
    removed = programmes.remove_others(folder.programmes)
    _remove_workflows(folder, removed)
    if removed.removed:
        yield Loaded("removed", removed)
    yield from (Loaded(what, tally) for what, tally in layers.write(folder.layers))


def _city(folder: CityFolder) -> tuple[City, Tally]:
    tally, spec = Tally(), folder.city
    values = {
        "code": spec.code,
        "name": spec.name,
        "name_en": spec.name_en,
        "west": spec.bbox.west,
        "south": spec.bbox.south,
        "east": spec.bbox.east,
        "north": spec.bbox.north,
        "attribution": spec.attribution,
        "attribution_en": spec.attribution_en,
        "map_approval_number": spec.map_approval_number,
        "is_demonstration": spec.is_demonstration,
    }
    return tally.upsert(City, {"key": spec.key}, values), tally


def _districts(folder: CityFolder, city: City) -> Tally:
    tally, kept = Tally(), []
    for spec in folder.districts:
        values = {
            "city": city,
            "name": spec.name,
            "name_en": spec.name_en,
            "pinyin": spec.pinyin,
            "kind": spec.kind,
            "geom": None if spec.geom is None else to_geos(spec.geom),
            "is_schematic": spec.is_schematic,
            "order": spec.order,
        }
        kept.append(tally.upsert(District, {"code": spec.code}, values).pk)
    tally.remove_others(District.objects.all(), kept)
    return tally


def _remove_workflows(folder: CityFolder, tally: Tally) -> None:
    kept = Workflow.objects.filter(key__in=[spec.key for spec in folder.workflows])
    tally.remove_others(Workflow.objects.all(), kept.values_list("pk", flat=True))
