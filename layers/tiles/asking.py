"""When the table of a layer's tiles is asked for: after each change of the layer, and when one turns out to lack."""

from typing import Any

from django.core.cache import cache
from django.db import transaction

from layers.models import Layer

AGAIN_S = 600


def layer_saved(sender: type[Layer], instance: Layer, **_kwargs: Any) -> None:
    """A receiver; the worker is told once the change is there for it to see."""
    layer_id = instance.pk
    transaction.on_commit(lambda: _enqueue(layer_id), robust=True)


def ask(layer_id: int, revision: int) -> None:
    """Make up for a table that lacks, though nothing changed; not more than once in some minutes."""
    if cache.add(f"tiles-asked-{layer_id}-{revision}", True, AGAIN_S):
        _enqueue(layer_id)


def _enqueue(layer_id: int) -> None:
    # The module takes the settings' backend when it is imported, and models are ready earlier than those.
    from layers.tiles.tasks import make_tiles

    make_tiles.enqueue(layer_id)
