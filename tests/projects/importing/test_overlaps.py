"""Many new polygons share ground with each other and with what was there: as one by one, in strips of any width."""

import numpy as np
import pytest
from shapely.geometry import Polygon, box

from projects import editing
from projects.bulk import overlaps
from projects.bulk.writer import create_sites
from projects.editing import SiteDraft
from projects.models import Programme
from tests.factories import DAY, make_programme, make_site


def shapes(count: int, seed: int) -> list[Polygon]:
    """Boxes of all sizes, a few of them very wide; many share ground, some only a border or a corner."""
    random = np.random.default_rng(seed)
    west, south = random.integers(0, 40, (2, count)) / 100 + np.array([[123.6], [47.1]])
    width, height = random.integers(1, 5, (2, count)) / 100
    width[::17] = 0.3
    return [box(*one) for one in zip(west, south, west + width, south + height, strict=True)]


def overlapping(programme: Programme) -> set[str]:
    return set(programme.sites.filter(has_overlap=True).values_list("code", flat=True))


@pytest.mark.parametrize(("strip", "chunk"), [(20_000, 2_000), (7, 3), (1, 1)])
@pytest.mark.parametrize("seed", [1, 2])
def test_strips_of_any_width_find_the_same(
    city: object, monkeypatch: pytest.MonkeyPatch, strip: int, chunk: int, seed: int
) -> None:
    monkeypatch.setattr(overlaps, "_STRIP", strip)
    monkeypatch.setattr(overlaps, "_CHUNK", chunk)
    monkeypatch.setattr(overlaps, "_IDS", 5)
    single, many = make_programme("single"), make_programme("many")
    former, new = shapes(12, seed), shapes(40, seed + 10)
    for programme in (single, many):
        for at, shape in enumerate(former):
            make_site(programme, f"F-{at}", geom=shape)
    drafts = [SiteDraft(f"N-{at}", "演示", shape) for at, shape in enumerate(new)]
    for draft in drafts:
        editing.create_site(single, draft, by=None, on=DAY)
    create_sites(many, drafts, by=None, on=DAY)
    assert overlapping(many) == overlapping(single)
    assert 0 < len(overlapping(many)) < len(former) + len(new)
