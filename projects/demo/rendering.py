"""Simulated photos and scenes of the demonstration, rendered in several processes and stored as evidence."""

import datetime as dt
import random
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.utils import timezone

from accounts.models import User
from layers.models import RasterScene
from layers.raster.reader import describe
from projects import evidence, publication
from projects.demo.imagery.batch import PhotoJob, SceneJob, run
from projects.demo.pictures import SCENE_BEFORE_ON, Placed, WantedPhoto, kind_of, photos, scenes
from projects.editing import to_shapely
from projects.models import Inspection, PhotoRole, ScenePair, Site

Say = Callable[[str], None]
_NAMESPACE = uuid.UUID("5f0e4d2c-8c55-5a35-9a3c-2302002022ab")
_NOTES = {
    PhotoRole.BEFORE: "演示：开工前现场情况。",
    PhotoRole.DURING: "演示：施工过程巡查。",
    PhotoRole.AFTER: "演示：完工后复核。",
}
_CAPTIONS = {
    PhotoRole.BEFORE: "演示·施工前",
    PhotoRole.DURING: "演示·施工中",
    PhotoRole.AFTER: "演示·施工后",
}
_SENSOR = "模拟影像 simulated"
_SAY_EVERY = 20


def add_photos(
    placed: Sequence[Placed], by: User, limit: int | None, processes: int, say: Say
) -> int:
    """Render and store the photos that are missing, each with its inspection; the number of new ones."""
    wanted = photos(placed)[:limit]
    known = set(Inspection.objects.values_list("pk", flat=True))
    missing = {_inspection_id(one): one for one in wanted if _inspection_id(one) not in known}
    with tempfile.TemporaryDirectory(prefix="demo-photos-") as name:
        jobs = {key: _photo_job(one, Path(name) / f"{key}.jpg") for key, one in missing.items()}
        for number, job in enumerate(run(jobs.values(), processes), start=1):
            assert isinstance(job, PhotoJob)
            key = uuid.UUID(job.path.stem)
            _store_photo(missing[key], job, key, by)
            job.path.unlink()
            _count(say, "photos", number, len(jobs))
    for site in {one.placed.site for one in missing.values() if one.role == PhotoRole.AFTER}:
        evidence.pair_photos(site)
    return len(missing)


def add_scenes(
    placed: Sequence[Placed], as_of: dt.date, limit: int | None, processes: int, say: Say
) -> int:
    """Render and register the pairs of scenes that are missing; the number of new ones."""
    wanted = [(kind, one) for kind, one in scenes(placed)[:limit] if not _has_scenes(one.site)]
    jobs = []
    owners: dict[str, Site] = {}
    for kind, one in wanted:
        before, after = (_scene_file(one.site, role) for role in ("before", "after"))
        after.parent.mkdir(parents=True, exist_ok=True)
        done_on = one.standing.actual_end or one.standing.since
        after_on = min(done_on + dt.timedelta(10), as_of)
        geometry = to_shapely(one.site.geom)
        jobs.append(
            SceneJob(kind, geometry, one.site.code, SCENE_BEFORE_ON, after_on, before, after)
        )
        owners[one.site.code] = one.site
    for number, job in enumerate(run(jobs, processes), start=1):
        assert isinstance(job, SceneJob)
        _store_scenes(owners[job.seed], job)
        _count(say, "scene pairs", number, len(jobs))
    if jobs:
        publication.bump_revision()
    return len(jobs)


def _count(say: Say, what: str, number: int, total: int) -> None:
    if number % _SAY_EVERY == 0 or number == total:
        say(f"  {what} {number}/{total}")


def _inspection_id(one: WantedPhoto) -> uuid.UUID:
    """The same for the same site and role, in every run."""
    return uuid.uuid5(
        _NAMESPACE, f"{one.placed.standing.programme}/{one.placed.site.code}/{one.role}"
    )


def _photo_job(one: WantedPhoto, path: Path) -> PhotoJob:
    site = one.placed.site
    spot = to_shapely(site.geom).representative_point()
    bearing = float(random.Random(site.code).randrange(360))
    role = str(one.role)  # a plain word: the processes that render do not know Django's
    return PhotoJob(kind_of(site), role, site.code, one.taken_on, spot.x, spot.y, bearing, path)


def _store_photo(one: WantedPhoto, job: PhotoJob, key: uuid.UUID, by: User) -> None:
    at = timezone.make_aware(dt.datetime.combine(one.taken_on, dt.time(10, 30)))
    photo = evidence.NewPhoto(
        data=job.path.read_bytes(),
        role=one.role,
        taken_at=at,
        lon=job.lon,
        lat=job.lat,
        bearing_deg=job.bearing,
        caption=_CAPTIONS[PhotoRole(one.role)],
        is_simulated=True,
    )
    note = _NOTES[PhotoRole(one.role)]
    evidence.add_inspection(
        one.placed.site, by=by, at=at, note=note, photos=[photo], inspection_id=key
    )


def _scene_key(site: Site, role: str) -> str:
    return f"demo-{site.code.lower()}-{role}"


def _scene_file(site: Site, role: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "scenes" / f"{_scene_key(site, role)}.tif"


def _has_scenes(site: Site) -> bool:
    """The pair is registered and its files are there."""
    files_exist = all(_scene_file(site, role).exists() for role in ("before", "after"))
    return (
        files_exist
        and ScenePair.objects.filter(site=site, before__key=_scene_key(site, "before")).exists()
    )


def _store_scenes(site: Site, job: SceneJob) -> None:
    before = _register(site, "before", "施工前", job.before_path, job.before_on)
    after = _register(site, "after", "施工后", job.after_path, job.after_on)
    ScenePair.objects.get_or_create(site=site, before=before, after=after)


def _register(site: Site, role: str, word: str, path: Path, acquired_on: dt.date) -> RasterScene:
    info = describe(path)
    scene, _created = RasterScene.objects.update_or_create(
        key=_scene_key(site, role),
        defaults={
            "name": f"{site.name} {word}（模拟影像）",
            "file": path.relative_to(settings.MEDIA_ROOT).as_posix(),
            "acquired_on": acquired_on,
            "sensor": _SENSOR,
            "footprint": Polygon(list(info.footprint.exterior.coords), srid=4326),
            "source_crs": info.crs_label,
            "width_px": info.width,
            "height_px": info.height,
            "band_roles": ["red", "green", "blue", "nir"] if info.band_count == 4 else None,
            "is_simulated": True,
            "published": True,
        },
    )
    return scene
