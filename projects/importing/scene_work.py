"""A worker's part of an upload that becomes imagery: look at the picture, and later convert and store it."""

import base64
import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_projects.geo import geojson
from gis_projects.http.problems import NotFound
from gis_projects.http.problems import Problem as HttpProblem
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused
from layers.models import RasterScene
from layers.raster.problems import SceneNote, SceneRefused
from projects import trail
from projects.importing import jobs
from projects.importing.folder import JobFolder
from projects.importing.telling import Words, in_every_language, problem_words
from projects.importing.uploads import parts_of
from projects.models import ImportJob, JobState, Site
from projects.scenes.bringing import NewScene, bring_in
from projects.scenes.looking import Looked, View, look_at
from projects.scenes.record import Place

Progress = Callable[[int, int | None], None]


def look_at_scene(job: ImportJob, folder: JobFolder) -> None:
    """What the picture is, for a person to decide; a refusal is a finding too."""
    folder.write(folder.preview, json.dumps({"views": []}))
    chosen, accepts = job.options.get("crs", ""), bool(job.options.get("accept_datum"))
    try:
        looked = look_at(_parts(job), chosen, accepts)
    except (SceneRefused, ImportRefused) as refused:
        problems = [{"is_error": True, "sentence": words} for words in refusal_words(refused)]
        jobs.finish(job, JobState.READY, findings={"problems": problems, "can_store": False})
        return
    views = [_shown(view) for view in looked.views]
    folder.write(folder.preview, json.dumps({"views": views}))
    findings = _findings(looked)
    jobs.finish(job, JobState.READY, findings=findings, title=looked.file[:200])


def store_scene(job: ImportJob, folder: JobFolder, progress: Progress) -> None:
    """Convert, store, and end the job in the same transaction. A refusal leads back to the choices."""

    def stored(scene: RasterScene) -> None:
        jobs.finish(job, JobState.STORED, scene=scene, stored_at=timezone.now())
        trail.import_stored(job, by=job.asker)

    try:
        brought = bring_in(
            _parts(job),
            _new_scene(job),
            by=job.asker,
            tell=lambda share: progress(int(share * 100), 100),
            stored=stored,
        )
    except (SceneRefused, ImportRefused, HttpProblem) as refused:
        jobs.finish(job, JobState.READY, messages=refusal_words(refused))
        return
    notes = [in_every_language(note.sentence) for note in brought.notes]
    ImportJob.objects.filter(pk=job.pk).update(messages=notes)


def refusal_words(refused: SceneRefused | ImportRefused | HttpProblem) -> list[Words]:
    """The sentences of a refusal, as a job keeps them."""
    if isinstance(refused, SceneRefused):
        return [in_every_language(refused.note.sentence)]
    if isinstance(refused, ImportRefused):
        return [in_every_language(problem.sentence) for problem in refused.problems]
    return [in_every_language(lambda: refused.detail or refused.title)]


def _parts(job: ImportJob) -> list[Part]:
    return [part for part in parts_of(job) if isinstance(part, Part)]


def _findings(looked: Looked) -> dict[str, Any]:
    header, decision = looked.header, looked.decision
    one = looked.views[0] if decision.crs is not None and looked.views else None
    problems = problem_words(decision.problems)
    return {
        "file": looked.file,
        "width": header.width,
        "height": header.height,
        "bands": header.bands,
        "dtype": header.dtype,
        "band_names": list(header.band_names),
        "pixel_m": None if one is None else one.pixel_m(header),
        "footprint": None if one is None else geojson.geometry(one.footprint),
        "crs": None if decision.crs is None else decision.crs.label,
        "crs_by": decision.decided_by,
        "candidates": [
            {"crs": str(crs.srid or crs.wkt), "label": crs.label} for crs in decision.candidates
        ],
        "problems": [*problems, *_words(looked.errors, True), *_words(looked.notes, False)],
        "null_datum": any(problem["code"] == "null_datum_crs" for problem in problems)
        or bool(decision.crs and decision.crs.null_datum),
        "can_store": looked.can_store,
    }


def _words(notes: Iterable[SceneNote], is_error: bool) -> list[dict[str, object]]:
    return [
        {"code": note.code, "is_error": is_error, "sentence": in_every_language(note.sentence)}
        for note in notes
    ]


def _shown(view: View) -> dict[str, Any]:
    """As the map's script reads it; the picture goes along, since it is small and the folder is no public place."""
    outline = geojson.feature(view.footprint, {"label": view.crs.label}, 1)
    shown: dict[str, Any] = {
        "crs": str(view.crs.srid or view.crs.wkt),
        "label": view.crs.label,
        "name": view.crs.name,
        "features": geojson.feature_collection([outline]),
    }
    if view.picture is not None:
        data = base64.b64encode(view.picture.webp).decode()
        shown["picture"] = f"data:image/webp;base64,{data}"
        shown["bounds"] = list(view.picture.bbox.bounds)
    return shown


def _new_scene(job: ImportJob) -> NewScene:
    wishes = dict(job.options["scene"])
    site_id, role, replace = wishes.pop("site"), wishes.pop("role"), wishes.pop("replace")
    place = None
    if site_id:
        # Asked again: between choosing and converting somebody may have lost the site.
        site = Site.objects.editable_by(job.asker).filter(pk=uuid.UUID(site_id)).first()  # type: ignore[arg-type]
        if site is None:
            raise NotFound(_("The site is no longer there, or no longer yours."))
        place = Place(site, role, replace)
    acquired_on = dt.date.fromisoformat(wishes.pop("acquired_on"))
    return NewScene(
        **wishes,
        acquired_on=acquired_on,
        place=place,
        crs=job.options.get("crs", ""),
        accepts_shift=bool(job.options.get("accept_datum")),
    )
