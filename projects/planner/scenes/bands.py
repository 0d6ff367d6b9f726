"""Which band of a scene is which, said by a person: files seldom do, and a guess would make wrong evidence."""

from typing import Any

from layers.models import RasterScene
from layers.raster.answers import file_of
from layers.raster.errors import SceneNotGeoreferenced, SceneUnreadable
from layers.raster.pool import opened
from projects.planner.scenes.forms import SceneForm
from projects.planner.scenes.orders import as_text, offer, order_field


class BandedSceneForm(SceneForm):
    """Of a scene that is stored: its file says how many bands there are to name."""

    band_roles = order_field()
    field_order = ("name", "acquired_on", "sensor", "band_roles", "published")

    def __init__(self, scene: RasterScene, data: Any = None) -> None:
        names = ("name", "acquired_on", "sensor", "published")
        initial = {name: getattr(scene, name) for name in names}
        super().__init__(data, initial=initial | {"band_roles": as_text(scene.band_roles)})
        offer(self, _band_count(scene), [scene.band_roles])


def _band_count(scene: RasterScene) -> int:
    """0 when the file cannot be read, about which its tiles have something to say."""
    try:
        with opened(file_of(scene.file)) as found:
            return found.band_count
    except (SceneUnreadable, SceneNotGeoreferenced, OSError):
        return 0
