"""Several at the same moment: nothing is done twice, and nothing hides."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction

from projects import editing
from projects.models import Inspection, Operation, Programme, Site
from tests.conftest import Cast
from tests.factories import make_site, square
from tests.projects.sync.tablet import Tablet


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_with_many_writers_no_change_hides_behind_a_cursor(parks: Programme, cast: Cast) -> None:
    """Writers commit in another order than they began; a reader that follows its cursor misses none of them."""
    sites = [make_site(parks, f"W-{n}", geom=square(123.5 + n / 40)) for n in range(6)]
    tablet = Tablet(cast.alice)
    tablet.pull()
    rounds, errors = 8, []

    def writer(site: Site, number: int) -> None:
        try:
            for step in range(1, rounds + 1):
                with transaction.atomic():
                    editing.update_site(site, {"progress": step * 10 + number})
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer, args=(site, n)) for n, site in enumerate(sites)]
    for thread in threads:
        thread.start()
    seen: set[tuple[str, int]] = set()
    while any(thread.is_alive() for thread in threads):
        for page in tablet.pull():
            seen |= {(one["code"], one["progress"]) for one in page["sites"]}
    tablet.pull()
    assert not errors
    assert {one["code"]: one["progress"] for one in tablet.sites.values()} == {
        f"W-{n}": rounds * 10 + n for n in range(6)
    }
    assert len(seen) > len(sites)


@pytest.mark.usefixtures("_guards_off_afterwards")
def test_the_same_batch_twice_at_once_is_done_once(parks: Programme, cast: Cast) -> None:
    site = make_site(parks)
    tablets = [Tablet(cast.alice) for _ in range(4)]
    ops = [
        tablets[0].write("inspection", {"site": [None, str(site.pk)], "note": [None, str(n)]})
        for n in range(10)
    ]
    answers: list[list[dict[str, Any]]] = []

    def send(tablet: Tablet) -> None:
        try:
            answers.append(tablet.push(*ops))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(tablet,)) for tablet in tablets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert Inspection.objects.count() == Operation.objects.count() == 10
    for number in range(10):
        fates = sorted(one[number]["status"] for one in answers)
        assert fates == ["applied", "duplicate", "duplicate", "duplicate"]
