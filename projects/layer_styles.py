"""The writer of layers' styles: checked, with an audit entry that has the former style."""

import json

from django.db import transaction

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from layers.models import Layer
from layers.styles.document import Style, checked

LAYER = "layer"


@transaction.atomic
@audit.gathered()
def save_style(layer: Layer, style: Style, *, by: User | None) -> None:
    """Give a layer its style; an empty one leaves it to its geometry. Raises StyleInvalid."""
    former = layer.style
    layer.style = checked(style) if style else {}
    layer.save(update_fields=["style", "updated_at"])
    changes = audit.difference({"style": _text(former)}, {"style": _text(layer.style)})
    if changes:
        audit.record(Event(Action.UPDATED, LAYER, layer.key, layer.name, changes, by))


def _text(style: Style) -> str:
    return json.dumps(style, ensure_ascii=False, sort_keys=True)
