"""Foreign keys of tables that are filled a hundred thousand rows at a time: see gis_projects.postgres_references."""

from typing import Any

from gis_projects import postgres_references
from gis_projects.postgres_references import Reference
from layers.models import Feature


def install(using: str = "default", **_kwargs: Any) -> None:
    postgres_references.install([Reference(Feature, "layer")], using)
