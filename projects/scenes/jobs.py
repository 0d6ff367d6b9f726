"""A picture that was sent through the page: kept, converted by a worker, and told of in the reader's language."""

import datetime as dt
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django_tasks import task

from accounts.models import User
from gis_projects.http.problems import Problem as HttpProblem
from layers.importing.archive import Part
from layers.importing.problems import ImportRefused
from layers.raster.problems import SceneRefused
from projects.importing.telling import Words, in_every_language
from projects.models import SceneJob, SceneJobState, Site
from projects.scenes.bringing import NewScene, bring_in
from projects.scenes.record import Place


def begin(user: User, files: Iterable["UploadedFile[bytes]"], wishes: dict[str, Any]) -> SceneJob:
    """Keep the files and queue the conversion. wishes: plain values, see ``_new_scene``."""
    given = list(files)
    names = [str(one.name) for one in given]
    job = SceneJob.objects.create(owner=user, names=names, wishes=wishes)
    folder = _folder(job)
    folder.mkdir(parents=True)
    for number, one in enumerate(given):
        with (folder / f"{number}.part").open("wb") as out:
            for chunk in one.chunks():
                out.write(chunk)
    run_scene_job.enqueue(str(job.pk))
    return job


@task()
def run_scene_job(job_id: str) -> None:
    """Convert and store; whatever happens, the job ends and its files go."""
    job = SceneJob.objects.select_related("owner").get(pk=uuid.UUID(job_id))
    try:
        messages, scene_id = _convert(job)
        state = SceneJobState.FAILED if scene_id is None else SceneJobState.DONE
        SceneJob.objects.filter(pk=job.pk).update(
            state=state, messages=messages, scene_id=scene_id, percent=100
        )
    except BaseException:
        SceneJob.objects.filter(pk=job.pk).update(state=SceneJobState.FAILED)
        raise
    finally:
        shutil.rmtree(_folder(job), ignore_errors=True)


def _convert(job: SceneJob) -> tuple[list[Words], uuid.UUID | None]:
    """What there is to say, and the scene's id unless it was refused."""

    def tell(share: float) -> None:
        percent = int(share * 100)
        if percent >= job.percent + 5:
            job.percent = percent
            SceneJob.objects.filter(pk=job.pk).update(percent=percent)

    parts = [Part(name, _folder(job) / f"{number}.part") for number, name in enumerate(job.names)]
    try:
        brought = bring_in(parts, _new_scene(job), by=job.owner, tell=tell)
    except SceneRefused as refused:
        return [in_every_language(refused.note.sentence)], None
    except ImportRefused as refused:
        return [in_every_language(one.sentence) for one in refused.problems], None
    except HttpProblem as problem:
        refusal = problem
        return [in_every_language(lambda: refusal.detail or refusal.title)], None
    return [in_every_language(note.sentence) for note in brought.notes], brought.scene.pk


def _new_scene(job: SceneJob) -> NewScene:
    wishes = dict(job.wishes)
    site_id, role, replace = wishes.pop("site"), wishes.pop("role"), wishes.pop("replace")
    place = None
    if site_id:
        # Asked again: between sending and converting somebody may have lost the site.
        site = Site.objects.editable_by(job.owner).get(pk=uuid.UUID(site_id))
        place = Place(site, role, replace)
    acquired_on = dt.date.fromisoformat(wishes.pop("acquired_on"))
    return NewScene(**wishes, acquired_on=acquired_on, place=place)


def _folder(job: SceneJob) -> Path:
    return Path(settings.VAR_DIR) / "uploads" / f"scene-{job.pk}"
