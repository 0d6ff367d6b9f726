"""New sites in columns: what ``projects.editing.SiteDraft`` says of one, said of a few thousand."""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import numpy as np

from gis_projects.columns import Column, Same, mapped
from projects.editing import SiteDraft

# The fields of a draft besides geometry and attributes, with what they are where nothing is said.
_NO_DEFAULT = ("code", "name", "geom")
_APART = ("geom", "attributes")
NAMES = tuple(field.name for field in dataclasses.fields(SiteDraft) if field.name not in _APART)
DEFAULTS: dict[str, Any] = {
    field.name: field.default
    for field in dataclasses.fields(SiteDraft)
    if field.name in NAMES and field.name not in _NO_DEFAULT
}


class _Absent:
    """Stands in a column of attributes where a site has none."""


ABSENT = _Absent()


@dataclasses.dataclass(frozen=True)
class SiteColumns:
    """geoms: as in drafts, with heights. plain: all of ``NAMES``. attributes: key to values, or ABSENT."""

    geoms: np.ndarray
    plain: dict[str, Column]
    attributes: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(self.geoms)

    @classmethod
    def of(cls, drafts: Sequence[SiteDraft]) -> "SiteColumns":
        geoms = np.fromiter((one.geom for one in drafts), dtype=object, count=len(drafts))
        keys = dict.fromkeys(key for one in drafts for key in one.attributes)
        return cls(
            geoms,
            {name: [getattr(one, name) for one in drafts] for name in NAMES},
            {key: [one.attributes.get(key, ABSENT) for one in drafts] for key in keys},
        )

    def values(self, name: str) -> Sequence[Any]:
        """A plain column, written out."""
        column = self.plain[name]
        return list(repeat(column.value, len(self))) if isinstance(column, Same) else column

    def each_attributes(self) -> Iterator[dict[str, Any]]:
        """The attributes of one site after the other."""
        for at in range(len(self)):
            yield {key: some[at] for key, some in self.attributes.items() if some[at] is not ABSENT}

    def attribute_texts(self) -> list[str]:
        """The attributes of each site as JSON text: what ``json.dumps`` makes of them."""
        members = [mapped(partial(_member, key), some) for key, some in self.attributes.items()]
        if not members:
            return ["{}"] * len(self)
        return [f"{{{', '.join(filter(None, row))}}}" for row in zip(*members, strict=True)]


def _member(key: str, value: Any) -> str:
    return "" if value is ABSENT else f"{json.dumps(key)}: {json.dumps(value)}"
