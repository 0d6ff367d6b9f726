"""What the worker is asked to do; ``manage.py db_worker`` finds it here by name."""

import logging
from collections.abc import Callable

from django_tasks import task

from layers.archives.making import NothingThere, SourceMoves, make, make_published, published
from layers.archives.shelf import Progress, Shelf

logger = logging.getLogger(__name__)


def ask(key: str, revision: str) -> None:
    """Have the archive made, unless it is on its way."""
    if _is_new(Shelf(key), revision):
        make_archive.enqueue(key)


def ask_published() -> None:
    """The same for all that everybody sees."""
    if _is_new(Shelf(None), published().revision):
        make_published_archive.enqueue()


def _is_new(shelf: Shelf, revision: str) -> bool:
    told = shelf.progress()
    if told is not None and told.state != "failed" and told.revision == revision:
        return False
    shelf.tell(Progress(revision), now=True)
    return True


@task()
def make_archive(key: str) -> None:
    """Make the archive of a source's present revision, and tell how it ended."""
    _made(Shelf(key), lambda: make(key))


@task()
def make_published_archive() -> None:
    """Make the archive of all that everybody sees, and tell how it ended."""
    _made(Shelf(None), make_published)


def _made(shelf: Shelf, make_it: Callable[[], object]) -> None:
    try:
        make_it()
    except (NothingThere, SourceMoves) as error:
        logger.warning("archive in %s: %s", shelf.folder.name, type(error).__name__)
        shelf.tell(Progress("", "failed"), now=True)
    except BaseException:
        shelf.tell(Progress("", "failed"), now=True)
        raise
    else:
        shelf.done()
