"""Every geometry column is found by its index, whatever migrations have done to its table."""

import pytest
from django.db import connection

from gis_projects.geo.bbox import BBox
from layers import spatial_index
from layers.boxes import touching
from projects.models import Programme, Site
from tests.factories import make_city, make_programme, make_site, square

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostGIS keeps its indexes through a migration"
)


@pytest.fixture
def parks(db: None) -> Programme:
    make_city()
    return make_programme("parks")


def lacking() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f_table_name, f_geometry_column FROM geometry_columns"
            " WHERE spatial_index_enabled = 0 AND f_table_name NOT LIKE 'iso%'"
        )
        return list(cursor.fetchall())


def test_after_all_migrations_no_column_lacks_its_index(db: None) -> None:
    assert lacking() == []


def test_an_index_that_was_lost_comes_back_with_all_rows_in_it(parks: Programme) -> None:
    make_site(parks, "A-1", geom=square(123.6))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DisableSpatialIndex('projects_site', 'geom')")
    make_site(parks, "A-2", geom=square(123.65))
    assert lacking() == [("projects_site", "geom")]
    spatial_index.restore()
    assert lacking() == []
    make_site(parks, "A-3", geom=square(123.8))
    west = touching(Site.objects.all(), "geom", BBox(123.5, 47, 123.7, 47.5))
    assert sorted(west.values_list("code", flat=True)) == ["A-1", "A-2"]
    east = touching(Site.objects.all(), "geom", BBox(123.7, 47, 124, 47.5))
    assert list(east.values_list("code", flat=True)) == ["A-3"]


def test_a_search_by_place_looks_into_the_index(parks: Programme) -> None:
    rows = touching(Site.objects.all(), "geom", BBox(123.5, 47, 123.7, 47.5))
    assert (
        "idx_projects_site_geom" in rows.explain().lower()
        or "virtual table" in rows.explain().lower()
    )
