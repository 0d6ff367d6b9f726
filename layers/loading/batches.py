"""Which batches of a layer are shown: putting one in place of others, taking one back, forgetting old ones."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from gis_projects.http.problems import RevisionConflict
from layers.models import Batch, Feature, Layer

KIND = "layer"
_SEVERAL = ", "


def replace_all(layer: Layer, new: Batch) -> None:
    """Show ``new`` in place of all that is shown. Features that came in no file become a batch, to be had back."""
    loose = Feature.objects.filter(layer=layer, batch__isnull=True)
    if count := loose.count():
        loose.update(batch=Batch.objects.create(layer=layer, columns=layer.columns, count=count))
    shown = Batch.objects.filter(layer=layer, replaced_by__isnull=True).exclude(pk=new.pk)
    shown.update(replaced_by=new)


@transaction.atomic
@audit.gathered()
def undo(batch: Batch, *, by: User | None) -> None:
    """Remove the batch's features and show those that it replaced. A layer stays, even when nothing is left in it.

    Raises RevisionConflict when another file came in after it: that one is to be taken back first.
    """
    layer = Layer.objects.select_for_update().get(pk=batch.layer_id)
    later = Batch.objects.filter(layer=layer, pk__gt=batch.pk).exclude(replaced_by=batch)
    if batch.replaced_by_id is not None or later.exists():
        raise RevisionConflict(
            _("Another file came into this layer later. Take that one back first.")
        )
    former = facts(layer)
    Batch.objects.filter(replaced_by=batch).update(replaced_by=None)
    _remove([batch])
    settle(layer)
    record(layer, Action.UPDATED, former, by=by)


@transaction.atomic
def prune(layer: Layer) -> int:
    """Forget the batches that are not shown any more, with their features; how many batches there were."""
    old = list(Batch.objects.filter(layer=layer, replaced_by__isnull=False))
    _remove(old)
    return len(old)


@transaction.atomic
def prune_before(batch: Batch) -> int:
    """Forget the batches that this one stands in place of; how many there were."""
    old = list(Batch.objects.filter(replaced_by=batch))
    _remove(old)
    return len(old)


def settle(layer: Layer) -> None:
    """Make the layer's columns, CRS and encoding those of its shown batches, and raise its revision."""
    shown = list(Batch.objects.filter(layer=layer, replaced_by__isnull=True).order_by("pk"))
    columns: dict[str, Any] = {}
    for batch in shown:
        for column in batch.columns:
            columns.setdefault(column["name"], column)
    layer.columns = list(columns.values())
    layer.source_crs = _SEVERAL.join(
        dict.fromkeys(one.source_crs for one in shown if one.source_crs)
    )[:200]
    layer.source_encoding = _SEVERAL.join(
        dict.fromkeys(one.encoding for one in shown if one.encoding)
    )[:40]
    layer.revision += 1
    layer.save(update_fields=["columns", "source_crs", "source_encoding", "revision", "updated_at"])


def facts(layer: Layer) -> dict[str, Any]:
    """What the audit trail is told of a layer; to be taken before a change."""
    files = Batch.objects.filter(layer=layer, replaced_by__isnull=True).order_by("pk")
    return {
        "name": layer.name,
        "published": layer.published,
        "columns": [column["name"] for column in layer.columns],
        "source_crs": layer.source_crs,
        "files": [f"{one.file} ({one.count})" for one in files],
        "revision": layer.revision,
    }


def record(layer: Layer, action: Action, former: dict[str, Any], *, by: User | None) -> None:
    """One entry of the audit trail."""
    changes = audit.difference(former, facts(layer))
    audit.record(Event(action, KIND, layer.key, layer.name, changes, by))


def _remove(batches: list[Batch]) -> None:
    """Features by one statement: Django's own cascade would load each."""
    ids = [one.pk for one in batches]
    layers = {one.layer_id for one in batches}
    Feature.objects.filter(layer__in=layers, batch__in=ids)._raw_delete("default")
    Batch.objects.filter(pk__in=ids).delete()
