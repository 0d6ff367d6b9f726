"""What the worker is asked to do; ``manage.py db_worker`` finds it here by name."""

import uuid

from django_tasks import task

from projects.importing import work


@task()
def run_job(job_id: str, run: str) -> None:
    """Do what the state of the job asks for, in this attempt."""
    work.run(uuid.UUID(job_id), uuid.UUID(run))
