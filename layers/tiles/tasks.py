"""What the worker is asked to do after a layer has changed; ``manage.py db_worker`` finds it here by name."""

from django_tasks import task

from layers.tiles import tables


@task()
def make_tiles(layer_id: int) -> None:
    """Fill the table of the layer's present revision, and drop what stands for former ones."""
    tables.make(layer_id)
    tables.sweep()
