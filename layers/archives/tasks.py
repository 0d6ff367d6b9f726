"""What the worker is asked to do; ``manage.py db_worker`` finds it here by name."""

import logging

from django_tasks import task

from layers.archives.making import NothingThere, SourceMoves, make
from layers.archives.shelf import Progress, Shelf

logger = logging.getLogger(__name__)


def ask(key: str, revision: str) -> None:
    """Have the archive made, unless it is on its way."""
    shelf = Shelf(key)
    told = shelf.progress()
    if told is None or told.state == "failed" or told.revision != revision:
        shelf.tell(Progress(revision), now=True)
        make_archive.enqueue(key)


@task()
def make_archive(key: str) -> None:
    """Make the archive of a source's present revision, and tell how it ended."""
    shelf = Shelf(key)
    try:
        make(key)
    except (NothingThere, SourceMoves) as error:
        logger.warning("archive of %s: %s", key, type(error).__name__)
        shelf.tell(Progress("", "failed"), now=True)
    except BaseException:
        shelf.tell(Progress("", "failed"), now=True)
        raise
    else:
        shelf.done()
