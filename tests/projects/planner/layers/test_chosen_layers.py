"""What a planner keeps as the standard: for that account alone, on every map, and nothing but layers' names."""

import json

import pytest
from django.test import Client

from layers.models import LayerChoice
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/planner/chosen-layers/"


@pytest.fixture
def signed_in(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def settings_of(client: Client) -> dict[str, object]:
    text = client.get("/").content.decode()
    start = text.index(">", text.index('id="map-settings"')) + 1
    found: dict[str, object] = json.loads(text[start : text.index("</script>", start)])
    return found


def test_it_follows_the_account_to_every_map(signed_in: Client, cast: Cast) -> None:
    assert settings_of(signed_in)["layer_choice"] == {"layers": "", "url": URL}
    assert signed_in.post(URL, {"layers": "nen.60,!places"}).status_code == 204
    assert signed_in.post(URL, {"layers": "places,!nen"}).status_code == 204
    assert LayerChoice.objects.get(user=cast.alice).layers == "places,!nen"
    assert settings_of(signed_in)["layer_choice"] == {"layers": "places,!nen", "url": URL}


def test_nothing_is_kept_for_the_public_and_for_others(signed_in: Client, cast: Cast) -> None:
    LayerChoice.objects.create(user=cast.alice, layers="nen")
    assert settings_of(Client())["layer_choice"] is None
    signed_in.force_login(cast.charlie)
    assert settings_of(signed_in)["layer_choice"] is None


def test_an_empty_one_gives_the_standard_up(signed_in: Client, cast: Cast) -> None:
    LayerChoice.objects.create(user=cast.alice, layers="nen")
    assert signed_in.post(URL, {"layers": ""}).status_code == 204
    assert not LayerChoice.objects.filter(user=cast.alice).exists()


@pytest.mark.parametrize("layers", ["nen,", "a b", "<script>", "nen.1000", "x" * 60_000])
def test_what_names_no_layers_is_refused(signed_in: Client, cast: Cast, layers: str) -> None:
    answer = signed_in.post(URL, {"layers": layers})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not LayerChoice.objects.filter(user=cast.alice).exists()
