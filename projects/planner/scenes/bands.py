"""Which band of a scene is which, said by a person: files seldom do, and a guess would make wrong evidence."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layers.band_roles import ROLES
from layers.models import RasterScene
from layers.raster.answers import file_of
from layers.raster.errors import SceneNotGeoreferenced, SceneUnreadable
from layers.raster.pool import opened
from projects.planner.scenes.forms import SceneForm

# The usual orders of aerial and satellite pictures, by the number of bands.
ORDERS: dict[int, list[tuple[str, ...]]] = {
    3: [("red", "green", "blue"), ("nir", "red", "green")],
    4: [("red", "green", "blue", "nir"), ("blue", "green", "red", "nir")],
    5: [
        ("blue", "green", "red", "red_edge", "nir"),
        ("blue", "green", "red", "nir", "red_edge"),
    ],
}


class BandedSceneForm(SceneForm):
    """Of a scene that is stored: its file says how many bands there are to name."""

    band_roles = forms.TypedChoiceField(
        label=_("Its bands are, in order"),
        required=False,
        coerce=lambda text: text.split(","),
        empty_value=None,
        help_text=_("Vegetation is compared where red and near infrared are known."),
    )
    field_order = ("name", "acquired_on", "sensor", "band_roles", "published")

    def __init__(self, scene: RasterScene, data: Any = None) -> None:
        stored = scene.band_roles or []
        names = ("name", "acquired_on", "sensor", "published")
        initial = {name: getattr(scene, name) for name in names}
        super().__init__(data, initial=initial | {"band_roles": ",".join(stored)})
        orders = list(ORDERS.get(_band_count(scene), ()))
        if stored and tuple(stored) not in orders:
            orders.append(tuple(stored))
        if not orders:
            del self.fields["band_roles"]
            return
        choices = [("", _("not known: shown as the file says")), *map(_choice, orders)]
        self.fields["band_roles"].choices = choices  # type: ignore[attr-defined]


def _choice(order: Sequence[str]) -> tuple[str, str]:
    return ",".join(order), " · ".join(f"{n} {ROLES[role]}" for n, role in enumerate(order, 1))


def _band_count(scene: RasterScene) -> int:
    """0 when the file cannot be read, about which its tiles have something to say."""
    try:
        with opened(file_of(scene.file)) as found:
            return found.band_count
    except (SceneUnreadable, SceneNotGeoreferenced, OSError):
        return 0
