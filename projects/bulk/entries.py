"""The audit trail's entries of many new sites, as ``projects.trail.site_created`` writes one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from accounts import audit
from accounts.models import User
from gis_projects.columns import Same, made
from projects import trail
from projects.bulk.columns import ABSENT, SiteColumns
from projects.models import Programme, WorkflowState


def sites_created(
    programme: Programme,
    state: WorkflowState,
    ids: Sequence[Any],
    new: SiteColumns,
    geoms: np.ndarray,
    *,
    by: User | None,
) -> None:
    """Ids and geoms: as they are stored, beside ``new``."""
    values: dict[str, Sequence[Any] | audit.Given] = {
        "programme": audit.Given(programme.key),
        "state": audit.Given(state.key),
        "geom": shapely.to_wkt(geoms, rounding_precision=-1).tolist(),
    }
    for name in trail.PLAIN:
        column = new.plain[name]
        if name == "district":
            column = made(trail.district_code, column)
        values[name] = audit.Given(column.value) if isinstance(column, Same) else column
    for key, own in new.attributes.items():
        values[trail.ATTRIBUTE + key] = [None if value is ABSENT else value for value in own]
    labels = list(map("{} {}".format, new.values("code"), new.values("name")))
    audit.record_created(trail.SITE, list(map(str, ids)), labels, values, by)
