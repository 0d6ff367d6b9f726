"""A city of more sites than one tile could draw: nothing vanishes, no tile is too large, and all see their own."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from django.db.models import F
from django.test import Client

from gis_projects.geo.tile_matrix import tile_at
from layers.tiles.packing import MAX_BYTES
from projects import publication
from projects.editing import to_geos
from projects.models import City, District, Programme, Site, WorkflowState
from tests.conftest import Cast
from tests.layers.mvt.reading import Read
from tests.layers.tiles.conftest import address, get_tile, values

COUNT, HIDDEN = 21_000, 500
CENTRE = (124.4, 47.25)


@pytest.fixture
def many(parks: Programme) -> Counter[str]:
    """Points, lines and polygons within 20 km, crowded in the middle; how many are public of each phase."""
    random = np.random.default_rng(3)
    states = list(WorkflowState.objects.filter(workflow=parks.workflow).order_by("order"))
    district = District.objects.get(code="230202")
    xy = random.normal(CENTRE, 0.05, (COUNT + HIDDEN, 2))
    sites, phases = [], Counter[str]()
    for number, shape in enumerate(_shapes(random, xy)):
        state = states[number % 7 % len(states)]
        is_public = number < COUNT
        phases[state.phase] += is_public
        geom = to_geos(shape)
        sites.append(
            Site(
                programme=parks, code=f"S{number}", name=f"工程{number}号", district=district, state=state,
                geom=geom, public_geom=geom, search_text=f"工程{number}号 gongcheng{number}hao gc{number}h",
                published=is_public, area_m2=float(number),
            )
        )  # fmt: skip
    Site.objects.bulk_create(sites, batch_size=1_000)
    publication.bump_revision()
    return phases


def _shapes(random: np.random.Generator, xy: np.ndarray) -> Iterator[shapely.Geometry]:
    for number, (x, y) in enumerate(xy):
        size = float(random.exponential(0.0005))
        yield (
            shapely.Point(x, y),
            shapely.LineString([(x, y), (x + size, y + size), (x + 2 * size, y)]),
            shapely.box(x, y, x + size, y + size),
        )[number % 3]


def _tile(client: Client, z: int, pattern: str) -> dict[str, list[Read]]:
    x, y = tile_at(*CENTRE, z)
    path = pattern.format(z=z, x=x, y=y)
    assert len(client.get(path).content) <= MAX_BYTES
    return get_tile(client, path)


def test_low_zooms_count_every_site_once_in_its_phase(many: Counter[str], client: Client) -> None:
    pattern = address(client, "sites")
    for z in range(9):
        tile = _tile(client, z, pattern)
        drawn, cells = tile["sites"], [values(one) for one in tile["sites_cells"]]
        assert len(drawn) + sum(int(cell["hidden"]) for cell in cells) == COUNT
        found = Counter[str]()
        for cell in cells:
            own = {phase: int(cell.get(phase, 0)) for phase in many}
            assert sum(own.values()) == cell["count"]
            found.update(own)
        # What lies in no cell is drawn, and tells its phase itself.
        outside = COUNT - sum(int(cell["count"]) for cell in cells)
        assert 0 <= outside <= len(drawn)
        assert sum((many - found).values()) == outside
        assert (many - found) <= Counter(str(values(one)["phase"]) for one in drawn)


def test_no_zoom_is_too_large_and_the_last_shows_all(many: Counter[str], client: Client) -> None:
    pattern = address(client, "sites")
    for z in range(9, 17):
        tile = _tile(client, z, pattern)
        assert tile["sites"], z
    assert "sites_cells" not in tile


def test_staff_count_what_the_public_does_not(
    many: Counter[str], client: Client, cast: Cast
) -> None:
    client.force_login(cast.alice)
    tile = _tile(client, 6, address(client, "sites"))
    hidden = sum(int(values(one)["hidden"]) for one in tile["sites_cells"])
    assert len(tile["sites"]) + hidden == COUNT + HIDDEN


def test_what_is_withdrawn_is_drawn_no_more_though_its_place_is_remembered(
    many: Counter[str], client: Client
) -> None:
    pattern = address(client, "sites")
    drawn = [values(one)["id"] for one in _tile(client, 8, pattern)["sites"]]
    Site.objects.filter(pk=drawn[0]).update(published=False, revision=F("revision") + 1)
    assert drawn[0] not in [values(one)["id"] for one in _tile(client, 8, pattern)["sites"]]
    assert City.objects.get().publication_revision == publication.revision()
