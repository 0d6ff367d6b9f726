"""The city's districts by name, and by place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from projects import editing
from projects.importing.values import Unfit, as_text
from projects.models import District


class Districts:
    """Read once, when it is made."""

    def __init__(self) -> None:
        units = list(District.objects.all())
        self._named: dict[str, District] = {}
        for unit in units:
            for word in (unit.code, unit.name, unit.name_en):
                self._named.setdefault(word, unit)
        self._named.pop("", None)
        self._placed = [
            (unit, editing.to_shapely(unit.geom)) for unit in units if unit.geom is not None
        ]
        shapely.prepare([shape for _unit, shape in self._placed])

    def named(self, value: Any) -> District:
        """By GB/T 2260 code or either name. Raises Unfit."""
        word = as_text(value, None)
        if word not in self._named:
            raise Unfit(_("the city has no such district."))
        return self._named[word]

    def around(self, geoms: Sequence[Any] | np.ndarray) -> list[District | None]:
        """For each geometry (EPSG:4326) the first district that holds a point on it; None where none does."""
        points = shapely.point_on_surface(np.array(geoms, dtype=object))
        found: list[District | None] = [None] * len(geoms)
        for unit, shape in reversed(self._placed):
            for at in np.flatnonzero(shapely.contains(shape, points)).tolist():
                found[at] = unit
        return found
