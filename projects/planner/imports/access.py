"""Fetch and check an import: the owner's and the administrators', for everybody else it is not there."""

import uuid

from django.http import HttpRequest

from accounts.models import User
from gis_projects.http.problems import NotFound
from projects.access import require_planner
from projects.importing.jobs import notice_silence
from projects.models import ImportJob


def get_job(request: HttpRequest, job_id: uuid.UUID) -> tuple[User, ImportJob]:
    """The planner and the job. Raises NotSignedIn, NotAllowed, NotFound."""
    user = require_planner(request)
    rows = ImportJob.objects.visible_to(user).select_related("programme", "owner")
    job = rows.filter(pk=job_id).first()
    if job is None:
        raise NotFound()
    return user, notice_silence(job)


def get_upload(request: HttpRequest, job_id: uuid.UUID) -> ImportJob:
    """A job that the planner himself is sending files to."""
    user, job = get_job(request, job_id)
    if job.owner_id != user.pk:
        raise NotFound()
    return job
