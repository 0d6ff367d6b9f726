"""What is not public is in no byte of anything that the public can fetch: looked for, address by address."""

import gzip
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from shapely.geometry import LineString

from accounts.models import User
from gis_projects.geo.tile_matrix import tile_at
from gis_projects.http.problems import catalogue
from layers.models import Feature, Layer, RasterScene
from projects import editing, publication
from projects.evidence import NewPhoto, add_inspection, add_photo
from projects.models import Programme, ScenePair, Site
from tests.conftest import Cast
from tests.factories import DAY, make_programme, make_site, make_target, picture, square
from tests.layers.tiles.conftest import address

WORD = "金丝雀q7zk"
LON, LAT = 123.774411, 47.331177
# What only staff may ask of a list or a map.
OFFICE = ("visited=2022-06-01", "due=open", "evidence=none", "inspector=bob", "days=3")
TRACES = [WORD, "jinsique", "jsqq7zk", "q7zk", "123.7744", "47.3311", "123.77", "47.33"]


@pytest.fixture
def canary(parks: Programme) -> Site:
    """A site that is not published, with everything that a site may have."""
    site = make_site(
        parks,
        "HIDDEN-q7zk",
        name=f"演示·{WORD}",
        address=f"{WORD}路1号",
        geom=square(LON, LAT, 0.001),
        attributes={"contact": WORD},
        published=False,
    )
    photo = NewPhoto(picture(), "before", lon=LON, lat=LAT, caption=WORD)
    add_inspection(site, by=None, at=_moment(), note=WORD, progress=10, photos=[photo])
    scenes = [_scene(site, name) for name in ("before", "after")]
    ScenePair.objects.create(site=site, before=scenes[0], after=scenes[1])
    make_site(parks, "SEEN", geom=square(123.55, 47.05))
    make_target(parks)
    layer = Layer.objects.create(key="hidden", name=WORD)
    Feature.objects.create(layer=layer, name=WORD, geom=editing.to_geos(square(LON, LAT, 0.001)))
    return site


def _moment() -> "object":
    import datetime as dt

    return dt.datetime(2022, 6, 1, tzinfo=dt.UTC)


def _scene(site: Site, name: str) -> RasterScene:
    return RasterScene.objects.create(
        key=f"{WORD}-{name}",
        name=WORD,
        file="scenes/none.tif",
        acquired_on=DAY,
        footprint=editing.to_geos(square(LON, LAT, 0.001)),
        source_crs="EPSG:4326",
        width_px=1,
        height_px=1,
        published=True,
    )


def public_addresses(site: Site, staff: User) -> list[str]:
    """Everything that has an address, with the canary's own ids and words where the address takes them.

    Addresses of tiles that are told to staff alone are among them.
    """
    photo, pair = site.photos.get(), site.scene_pairs.get()
    items = "/layers/sites/items.geojson"
    return [
        *("/", "/targets/", "/problems/", "/jsi18n/", "/accounts/login/", "/nowhere/"),
        *(f"/problems/{slug}/" for slug in catalogue()),
        *(f"/sites/{site.pk}/", f"/sites/{Site.objects.get(code='SEEN').pk}/"),
        *(items, f"{items}?q=q7zk", f"{items}?q=jsq", f"{items}?programme=parks&phase=planned"),
        f"{items}?bbox={LON - 0.01},{LAT - 0.01},{LON + 0.01},{LAT + 0.01}",
        *(f"{items}?target=goal&stage={stage}" for stage in ("mapped", "started", "accepted")),
        *("/layers/districts/items.geojson", "/layers/hidden/items.geojson"),
        f"/layers/sites/features/{site.pk}",
        *(f"/layers/{key}/tilejson.json" for key in ("sites", "districts", "hidden")),
        *tiles_around(tiles_told("sites")),
        *tiles_around(tiles_told("sites", staff)),
        *tiles_around(tiles_told("hidden", staff)),
        *(f"/photos/{photo.pk}/{variant}/" for variant in ("display", "thumb", "original", "x")),
        *(f"/scenes/{scene}/preview.webp" for scene in (pair.before_id, pair.after_id)),
        f"/scenes/{pair.before_id}/tiles/12/3456/1423.webp",
        *(f"/planner/sites/{site.pk}/", f"/field/sites/{site.pk}/inspect/", "/planner/", "/field/"),
        *(f"/planner/sites/{site.pk}/board/", f"/field/sites/{site.pk}/"),
        *("/planner/inspections/?month=2022-06", "/planner/inspections/evidence/"),
        *("/planner/tasks/", f"/planner/tasks/new/?site={site.pk}"),
        *(f"{items}?{query}" for query in OFFICE),
        *(f"/?{query}" for query in OFFICE),
        *("/admin/", f"/admin/projects/site/{site.pk}/change/"),
    ]


def tiles_told(key: str, user: User | None = None) -> str:
    """The template of a source's tiles, as its TileJSON tells it to this user."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return address(client, key)


def tiles_around(template: str) -> list[str]:
    """The tile around the canary at each zoom."""
    places = [(z, *tile_at(LON, LAT, z)) for z in range(17)]
    return [template.format(z=z, x=x, y=y) for z, x, y in places]


def everything(client: Client, address: str) -> bytes:
    """Status line, headers and content, unpacked; what the question itself said is taken out."""
    found = b""
    for accept in ("text/html", "*/*"):
        response = client.get(address, headers={"accept": accept})
        content = b"".join(response) if response.streaming else response.content
        if response.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        headers = "\n".join(f"{name}: {value}" for name, value in response.items())
        found += headers.encode() + b"\n" + content
    asked = address.encode()
    return found.replace(asked, b"").replace(asked.replace(b"&", b"&amp;"), b"")


def test_it_sings_nowhere(canary: Site, client: Client, cast: Cast) -> None:
    for asked in public_addresses(canary, cast.alice):
        body = everything(client, asked).decode("utf-8", "replace")
        body = re.sub(r"csrfmiddlewaretoken\" value=\"\w+\"|csrftoken=\w+", "", body)
        body = re.sub(r"X-Request-ID: \w+|nonce[-=]\S+|ETag: \S+", "", body)
        for trace in TRACES:
            assert trace not in body.replace(str(canary.pk), ""), (asked, trace)


def test_it_is_heard_where_it_should_be(canary: Site, client: Client, cast: Cast) -> None:
    """The net would catch it: the same addresses, asked by somebody who may see it."""
    client.force_login(cast.alice)
    heard = [
        a
        for a in public_addresses(canary, cast.alice)
        if WORD in everything(client, a).decode("utf-8", "replace")
    ]
    assert f"/sites/{canary.pk}/" in heard
    assert "/layers/sites/items.geojson" in heard
    assert f"/layers/sites/features/{canary.pk}" in heard
    tiles = tiles_around(tiles_told("sites", cast.alice))
    assert set(tiles[12:]) <= set(heard)  # names are in tiles from there on


def test_a_foreign_and_a_random_id_are_the_same_to_the_public(canary: Site, client: Client) -> None:
    photo, pair = canary.photos.get(), canary.scene_pairs.get()
    for shape, own in (
        ("/sites/{}/", canary.pk),
        ("/photos/{}/display/", photo.pk),
        ("/scenes/{}/preview.webp", pair.before_id),
        ("/planner/sites/{}/", canary.pk),
    ):
        random = uuid.uuid4()
        answers = [client.get(shape.format(one)) for one in (own, random)]
        assert answers[0].status_code == answers[1].status_code
        bodies = [
            answer.content.decode().replace(str(one), "ID")
            for answer, one in zip(answers, (own, random), strict=True)
        ]
        assert bodies[0] == bodies[1]


def test_what_happens_to_it_changes_no_public_answer(canary: Site, client: Client) -> None:
    watched = ["/layers/sites/items.geojson", "/layers/districts/items.geojson"]
    watched += ["/layers/sites/tilejson.json", "/layers/districts/tilejson.json"]
    watched += tiles_around(tiles_told("sites"))

    def state() -> list[tuple[str, str, bytes]]:
        answers = [client.get(address) for address in watched]
        return [(a["ETag"], a.get("Last-Modified", ""), a.content) for a in answers]

    before, revision = state(), publication.revision()
    editing.update_site(canary, {"name": "演示·另名", "progress": 50}, geom=square(123.9, 47.2))
    make_site(canary.programme, "HIDDEN-2", geom=square(123.9, 47.4), published=False)
    add_photo(canary, NewPhoto(picture(colour="red"), "after"), by=None)
    assert state() == before
    assert publication.revision() == revision


def test_unpublishing_is_in_the_next_public_answer(parks: Programme, client: Client) -> None:
    site = make_site(parks, name=f"演示·{WORD}")
    address = "/layers/sites/items.geojson"
    first = client.get(address)
    assert WORD in first.content.decode()
    editing.update_site(site, {"published": False})
    second = client.get(address, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert WORD not in second.content.decode()
    assert client.get(f"/sites/{site.pk}/").status_code == 404
    for answer in (first, second):
        assert "no-cache" in answer["Cache-Control"]


def test_a_scene_goes_with_its_site_and_no_cache_keeps_it_for_long(
    canary: Site, client: Client
) -> None:
    scene = canary.scene_pairs.get().before
    address = f"/scenes/{scene.pk}/preview.webp"
    assert client.get(address).status_code == 404
    editing.update_site(canary, {"published": True})
    path = Path(settings.MEDIA_ROOT) / scene.file
    assert not path.exists()
    assert client.get(address).status_code == 422  # seen now; the file was never there


def test_the_exact_line_of_a_coarse_programme_is_in_no_public_byte(
    pipes: Programme, client: Client
) -> None:
    line = LineString([(123.612345, 47.112345), (123.623456, 47.123456), (123.634567, 47.118765)])
    site = make_site(pipes, geom=line)
    for asked in ("/layers/sites/items.geojson", f"/sites/{site.pk}/", "/", "/targets/"):
        body = everything(client, asked).decode()
        for lon, lat in line.coords:
            assert f"{lon}" not in body
            assert f"{lat}" not in body


def test_a_place_that_is_only_counted_is_in_no_public_byte(city: object, client: Client) -> None:
    wells = make_programme("wells", "Point", precision="district")
    site = make_site(wells, name="演示·水源井")
    for asked in ("/layers/sites/items.geojson", f"/sites/{site.pk}/"):
        body = everything(client, asked).decode()
        assert "水源井" in body
        assert "123.6" not in body
