"""References that PostgreSQL looks at once for each statement keep what its foreign keys keep."""

import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts import audit_guards
from layers.models import Feature, Layer
from projects import references
from projects.models import Inspection, Programme, Site, Transition
from tests.factories import make_site

GUARDED = [
    (Feature, "layer"),
    (Site, "programme"),
    (Site, "state"),
    (Site, "district"),
    (Transition, "site"),
    (Transition, "to_state"),
    (Transition, "by"),
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def on_postgresql() -> None:
    """Asked for after the database is there."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its own foreign keys")


@pytest.fixture
def site(on_postgresql: None, parks: Programme) -> Site:
    return make_site(parks)


def execute(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def foreign_keys(table: str) -> list[list[str]]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    return [one["columns"] for one in found if one["foreign_key"]]


def test_the_keys_have_gone_and_only_these(on_postgresql: None) -> None:
    for model, name in GUARDED:
        assert [model._meta.get_field(name).column] not in foreign_keys(model._meta.db_table)
    assert ["site_id"] in foreign_keys(Inspection._meta.db_table)
    references.install()
    references.install()


@pytest.mark.parametrize(("model", "name"), GUARDED[1:])
def test_nothing_refers_to_what_is_not_there(site: Site, model: type, name: str) -> None:
    column = model._meta.get_field(name).column  # type: ignore[attr-defined]
    table = model._meta.db_table  # type: ignore[attr-defined]
    wrong = uuid.uuid4() if column == "site_id" else 987_654
    said = f"{table}.{column} refers to no row|site_state_without_step"  # that guard stands before the row
    with pytest.raises(IntegrityError, match=said):
        execute(f"UPDATE {table} SET {column} = %s", wrong)


def test_no_feature_of_a_layer_that_is_not_there(on_postgresql: None) -> None:
    with pytest.raises(IntegrityError, match="refers to no row"), transaction.atomic():
        Feature.objects.create(layer_id=987_654, properties={})
    layer = Layer.objects.create(key="plots", name="plots")
    with pytest.raises(IntegrityError), transaction.atomic():
        Feature.objects.bulk_create(
            Feature(layer_id=number, properties={}) for number in (layer.pk, 987_654)
        )
    assert not Feature.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM projects_site",
        "DELETE FROM projects_programme",
        "DELETE FROM projects_workflowstate",
        "UPDATE projects_site SET id = gen_random_uuid()",
        "UPDATE projects_programme SET id = id + 1000",
    ],
)
def test_nothing_goes_that_is_referred_to(site: Site, sql: str) -> None:
    with pytest.raises(IntegrityError):
        execute(sql)
    assert Site.objects.count() == 1


def test_what_nothing_refers_to_may_go(site: Site) -> None:
    Transition.objects.all()._raw_delete("default")
    execute("DELETE FROM projects_site")
    assert not Site.objects.exists()


@pytest.fixture
def committed(transactional_db: None, on_postgresql: None) -> Iterator[None]:
    """Emptying the tables afterwards is what the audit trail's guards refuse."""
    yield
    audit_guards.remove()


def test_who_would_remove_it_waits_for_who_refers_to_it(committed: None) -> None:
    """As with a foreign key: the one that comes second is refused, not the first one's row orphaned."""
    layer = Layer.objects.create(key="plots", name="plots")
    refused: list[Exception] = []

    def remove() -> None:
        try:
            execute("DELETE FROM layers_layer WHERE id = %s", layer.pk)
        except IntegrityError as error:
            refused.append(error)
        finally:
            connections.close_all()

    remover = threading.Thread(target=remove)
    with transaction.atomic():
        Feature.objects.create(layer=layer, properties={})
        remover.start()
        while remover.is_alive() and not _waits():
            time.sleep(0.01)
    remover.join()
    assert len(refused) == 1 and "layers_feature.layer_id" in str(refused[0])
    assert Feature.objects.get().layer == layer


def _waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
