"""Foreign keys of tables that are filled a hundred thousand rows at a time: see gis_projects.postgres_references."""

from typing import Any

from gis_projects import postgres_references
from gis_projects.postgres_references import Reference
from projects.models import Site, Transition

_SITE = ("programme", "state", "district")
_TRANSITION = ("site", "to_state", "by", "inspection", "step")


def install(using: str = "default", **_kwargs: Any) -> None:
    references = [Reference(Site, name) for name in _SITE]
    references += [Reference(Transition, name) for name in _TRANSITION]
    postgres_references.install(references, using)
