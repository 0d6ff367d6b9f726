"""Who sees and edits which site, photograph and layer."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from layers.models import Layer
from projects.evidence import NewPhoto, add_photo
from projects.models import Assignment, District, Programme, Site
from tests.conftest import Cast
from tests.factories import make_programme, make_site, picture, square


@pytest.fixture
def sites(parks: Programme) -> dict[str, Site]:
    secret = make_programme("secret", published=False)
    east = District.objects.get(code="230203")
    return {
        "public": make_site(parks, "P"),
        "draft": make_site(parks, "D", published=False, geom=square(123.7)),
        "secret": make_site(secret, "S", district=east, geom=square(124.2)),
    }


def codes(rows: object) -> set[str]:
    return set(rows.values_list("code", flat=True))  # type: ignore[attr-defined]


def test_the_public_sees_what_is_published(sites: dict[str, Site]) -> None:
    assert codes(Site.objects.visible_to(AnonymousUser())) == {"P"}
    assert codes(Site.objects.editable_by(AnonymousUser())) == set()


def test_staff_see_what_is_assigned_to_them(sites: dict[str, Site], cast: Cast) -> None:
    assert codes(Site.objects.visible_to(cast.alice)) == {"P", "D", "S"}
    assert codes(Site.objects.visible_to(cast.dora)) == {"P", "D", "S"}
    assert codes(Site.objects.visible_to(cast.bob)) == {"P"}
    Assignment.objects.create(user=cast.bob, district=District.objects.get(code="230203"))
    assert codes(Site.objects.visible_to(cast.bob)) == {"P", "S"}
    assert codes(Site.objects.editable_by(cast.bob)) == {"S"}
    assert codes(Site.objects.editable_by(cast.charlie)) == set()


def test_what_is_not_public_is_not_there(sites: dict[str, Site], client: Client) -> None:
    assert client.get(f"/sites/{sites['public'].pk}/").status_code == 200
    for name in ("draft", "secret"):
        assert client.get(f"/sites/{sites[name].pk}/").status_code == 404


def test_the_map_s_data_hold_no_secret(sites: dict[str, Site], client: Client) -> None:
    body = client.get("/layers/sites/items.geojson").content.decode()
    assert "演示·P" in body
    assert "演示·D" not in body
    assert "secret" not in body
    page = client.get("/").content.decode()
    assert "secret" not in page


def test_a_photograph_goes_with_its_site(
    sites: dict[str, Site], client: Client, cast: Cast
) -> None:
    public = add_photo(sites["public"], NewPhoto(picture(), "before"), by=cast.alice)
    hidden = add_photo(sites["draft"], NewPhoto(picture(colour="red"), "before"), by=cast.alice)
    assert client.get(f"/photos/{public.pk}/display/").status_code == 200
    assert client.get(f"/photos/{public.pk}/original/").status_code == 404
    assert client.get(f"/photos/{hidden.pk}/display/").status_code == 404
    client.force_login(cast.alice)
    assert client.get(f"/photos/{hidden.pk}/original/").status_code == 200
    assert client.get(f"/photos/{hidden.pk}/elsewhere/").status_code == 404


def test_a_layer_that_is_not_published_is_not_there(
    city: object, client: Client, cast: Cast
) -> None:
    Layer.objects.create(key="inside", name="内部")
    assert client.get("/layers/inside/items.geojson").status_code == 404
    client.force_login(cast.alice)
    assert client.get("/layers/inside/items.geojson").status_code == 200


@pytest.mark.parametrize("path", ["/planner/", "/planner/import/", "/field/"])
def test_the_staff_s_pages_ask_to_sign_in(city: object, client: Client, path: str) -> None:
    assert client.get(path).status_code == 401
    page = client.get(path, headers={"accept": "text/html"})
    assert page.status_code == 302
    assert page["Location"] == f"/accounts/login/?next={path}"


def test_an_inspector_is_no_planner(parks: Programme, client: Client, cast: Cast) -> None:
    client.force_login(cast.bob)
    assert client.get("/planner/import/").status_code == 403
    assert client.get(f"/planner/sites/new/{parks.key}/").status_code == 403
