"""When the table of a layer's tiles is asked for: after each change of the layer, and when one turns out to lack."""

from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef

from layers.models import Layer, TileTable
from layers.tiles.tile_set import FORMAT

AGAIN_S = 600


def layer_saved(sender: type[Layer], instance: Layer, **_kwargs: Any) -> None:
    """A receiver; the worker is told once the change is there for it to see."""
    layer_id = instance.pk
    transaction.on_commit(lambda: _enqueue(layer_id), robust=True)


def all_that_lack(**_kwargs: Any) -> None:
    """A receiver, after every migrate: layers from before there were such tables, or of a restored database."""
    current = TileTable.objects.filter(
        layer=OuterRef("pk"), revision=OuterRef("revision"), format=FORMAT
    )
    for layer_id in Layer.objects.filter(~Exists(current)).values_list("pk", flat=True):
        _enqueue(layer_id)


def ask(layer_id: int, revision: int) -> None:
    """Make up for a table that lacks, though nothing changed; not more than once in some minutes."""
    if cache.add(f"tiles-asked-{layer_id}-{revision}", True, AGAIN_S):
        transaction.on_commit(lambda: _enqueue(layer_id), robust=True)


def _enqueue(layer_id: int) -> None:
    # The module takes the settings' backend when it is imported, and models are ready earlier than those.
    from layers.tiles.tasks import make_tiles

    make_tiles.enqueue(layer_id)
