"""Rendering the whole set at first start, in this process or in several."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from projects.demo.imagery.photos import render_photo
from projects.demo.imagery.scenes import SceneKind, render_pair, write_pair


@dataclass(frozen=True, slots=True)
class SceneJob:
    """One pair of scenes and where its two COGs go. geometry: EPSG:4326, lon/lat."""

    kind: SceneKind
    geometry: BaseGeometry
    seed: str
    before_on: date
    after_on: date
    before_path: Path
    after_path: Path


@dataclass(frozen=True, slots=True)
class PhotoJob:
    """One photo and where it goes. lon, lat: degrees; bearing: degrees from north."""

    kind: str
    role: str
    seed: str
    taken_on: date
    lon: float
    lat: float
    bearing: float
    path: Path


Job = SceneJob | PhotoJob


def run(jobs: Iterable[Job], processes: int = 0) -> Iterator[Job]:
    """Do every job and yield it when its files are there, in no particular order.

    processes: 0 works in this process. Children are spawned, not forked: a fork would inherit
    open database connections and native libraries in an unknown state.
    """
    if processes <= 0:
        for job in jobs:
            yield do(job)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(do, job) for job in jobs]):
            yield future.result()


def do(job: Job) -> Job:
    """Render and write one job."""
    if isinstance(job, SceneJob):
        images = render_pair(job.kind, job.geometry, job.seed, job.before_on, job.after_on)
        write_pair(images, job.before_path, job.after_path)
        return job
    photo = render_photo(job.kind, job.role, job.seed, job.taken_on, job.lon, job.lat, job.bearing)
    job.path.parent.mkdir(parents=True, exist_ok=True)
    partial = job.path.with_name(f".{job.path.name}.part")
    partial.write_bytes(photo)
    partial.replace(job.path)
    return job
