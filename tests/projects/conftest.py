import pytest

from projects.models import City, Programme
from tests import factories


@pytest.fixture
def city(db: None) -> City:
    return factories.make_city()


@pytest.fixture
def parks(city: City) -> Programme:
    """Polygons, exact."""
    return factories.make_programme("parks")


@pytest.fixture
def pipes(city: City) -> Programme:
    """Lines; the public sees them made coarse."""
    return factories.make_programme("pipes", "LineString", precision="street")


@pytest.fixture
def wells(city: City) -> Programme:
    """Points; the public sees no places."""
    return factories.make_programme("wells", "Point", precision="district")
