from collections.abc import Iterator

import pytest
from django.test import Client

from accounts import audit_guards
from projects.models import Assignment, Programme, Site
from tests.conftest import Cast
from tests.factories import make_site
from tests.projects.sync.tablet import Tablet


@pytest.fixture
def site(parks: Programme) -> Site:
    return make_site(parks)


@pytest.fixture
def bob(cast: Cast, parks: Programme) -> Tablet:
    """Inspects all parks."""
    Assignment.objects.create(user=cast.bob, programme=parks)
    return Tablet(cast.bob)


@pytest.fixture
def charlie(cast: Cast, parks: Programme) -> Tablet:
    """Inspects all parks as well, on a tablet of his own."""
    Assignment.objects.create(user=cast.charlie, programme=parks)
    return Tablet(cast.charlie)


@pytest.fixture
def alice(cast: Cast) -> Tablet:
    """Plans everywhere."""
    return Tablet(cast.alice)


@pytest.fixture
def _guards_off_afterwards(transactional_db: None) -> Iterator[None]:
    """The database is emptied after the test, which the guards would refuse; migrate's signal restores them."""
    yield
    audit_guards.remove()


@pytest.fixture
def office(cast: Cast) -> Client:
    """The browser of a planner of the whole city."""
    client = Client(headers={"accept": "text/html"})
    client.force_login(cast.alice)
    return client
