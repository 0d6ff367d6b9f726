"""Every route that the resolver knows, every actor, every verb: a route that nobody listed here fails the suite.

The table says what the *page* of a route is for; the actors are the rows that people really are.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from accounts.models import Role, User
from layers.models import Layer
from projects.importing import uploads
from projects.importing.folder import JobFolder
from projects.importing.row_report import RowReportWriter
from projects.models import Assignment, District, ImportJob, Programme, Site
from tests.factories import make_site, make_target, square

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ACTORS = (
    "anonymous",
    "inspector_here",
    "inspector_elsewhere",
    "planner_here",
    "planner",
    "administrator",
    "disabled",
    "expired",
)
# Who is answered; all others are asked to sign in, told that they may not, or that there is nothing here.
EVERYBODY = frozenset(ACTORS)
STAFF = EVERYBODY - {"anonymous", "disabled", "expired"}
PLANNERS = frozenset({"planner_here", "planner", "administrator"})
HERE = STAFF - {"inspector_elsewhere"}
ADMINISTRATORS = frozenset({"administrator"})
# An import is its sender's, who is the planner of the whole city here, and the administrators'.
OWNER = frozenset({"planner"})
SENDER = OWNER | ADMINISTRATORS


@dataclass(frozen=True)
class Route:
    """may: who is answered; verbs: those that the route answers to at all; path: with {site}, {job} and the like."""

    path: str
    may: frozenset[str]
    verbs: frozenset[str] = frozenset({"GET", "HEAD"})


FORM = frozenset({"GET", "HEAD", "POST"})
POST = frozenset({"POST"})
PARTS = frozenset({"HEAD", "PATCH"})
ROUTES = {
    "home": Route("/", EVERYBODY),
    "targets": Route("/targets/", EVERYBODY),
    "work": Route("/work/", STAFF),
    "site": Route("/sites/{site}/", HERE),
    "planner-sites": Route("/planner/", STAFF),
    "planner-site-new": Route("/planner/sites/new/parks/", PLANNERS, FORM),
    "planner-site-edit": Route("/planner/sites/{site}/", PLANNERS, FORM),
    "planner-site-step": Route("/planner/sites/{site}/step/", HERE, POST),
    "planner-site-publication": Route("/planner/sites/{site}/publication/", PLANNERS),
    "planner-site-board": Route("/planner/sites/{site}/board/", PLANNERS),
    "planner-export-choose": Route("/planner/export/choose/", STAFF),
    "planner-export": Route("/planner/export/", STAFF),
    "planner-import": Route("/planner/import/", PLANNERS),
    "planner-import-new": Route("/planner/import/new/", PLANNERS, FORM),
    "planner-import-create": Route("/planner/import/create/", PLANNERS, POST),
    "planner-import-job": Route("/planner/import/{job}/", SENDER),
    "planner-import-part": Route("/planner/import/{job}/parts/0/", OWNER, PARTS),
    "planner-import-complete": Route("/planner/import/{job}/complete/", OWNER, POST),
    "planner-import-progress": Route("/planner/import/{job}/progress/", SENDER),
    "planner-import-preview": Route("/planner/import/{job}/preview/", SENDER),
    "planner-import-csv": Route("/planner/import/{job}/rows.csv", SENDER),
    "planner-import-read": Route("/planner/import/{job}/read/", SENDER, POST),
    "planner-import-check": Route("/planner/import/{job}/check/", SENDER, POST),
    "planner-import-check-layer": Route("/planner/import/{job}/check-layer/", SENDER, POST),
    "planner-import-store": Route("/planner/import/{job}/store/", SENDER, POST),
    "planner-import-store-scene": Route("/planner/import/{job}/store-scene/", SENDER, POST),
    "planner-import-undo": Route("/planner/import/{job}/undo/", SENDER, POST),
    "planner-import-retry": Route("/planner/import/{job}/retry/", SENDER, POST),
    "planner-import-cancel": Route("/planner/import/{job}/cancel/", SENDER, POST),
    "planner-layers": Route("/planner/layers/", STAFF),
    "planner-layer": Route("/planner/layers/{layer}/", STAFF),
    "planner-layer-archive": Route("/planner/layers/{layer}/archive/", PLANNERS, POST),
    "planner-chosen-layers": Route("/planner/chosen-layers/", PLANNERS, POST),
    "planner-publication-archive": Route("/planner/archive/", PLANNERS, POST),
    "planner-layer-export": Route("/planner/layers/{layer}/export/", STAFF),
    "planner-scenes": Route("/planner/scenes/", PLANNERS),
    "planner-scene-new": Route("/planner/scenes/new/", PLANNERS, FORM),
    "planner-scene-create": Route("/planner/scenes/create/", PLANNERS, POST),
    "planner-scene": Route("/planner/scenes/{photo}/", frozenset(), FORM),
    "planner-scene-remove": Route("/planner/scenes/{photo}/remove/", frozenset(), POST),
    "planner-calendar": Route("/planner/inspections/", PLANNERS),
    "planner-evidence": Route("/planner/inspections/evidence/", PLANNERS),
    "planner-tasks": Route("/planner/tasks/", PLANNERS),
    "planner-task-new": Route("/planner/tasks/new/?site={site}", PLANNERS, FORM),
    "planner-areas": Route("/planner/tasks/inspectors/", PLANNERS, FORM),
    "planner-area-end": Route("/planner/tasks/inspectors/999999/end/", frozenset(), POST),
    "planner-tasks-withdraw": Route("/planner/tasks/withdraw/", PLANNERS, POST),
    "planner-tray": Route("/planner/tray/", PLANNERS),
    "planner-tray-load": Route("/planner/tray/load/", PLANNERS, FORM),
    "planner-tray-item": Route("/planner/tray/1/", frozenset()),
    "planner-tray-decide": Route("/planner/tray/1/decide/", frozenset(), POST),
    "planner-devices": Route("/planner/tray/devices/", ADMINISTRATORS),
    "planner-device-revoke": Route("/planner/tray/devices/{photo}/revoke/", frozenset(), POST),
    "planner-layer-style": Route("/planner/layers/{layer}/style/", PLANNERS, FORM),
    "planner-layer-style-make": Route("/planner/layers/{layer}/style/make/", PLANNERS),
    "planner-layer-style-check": Route("/planner/layers/{layer}/style/check/", PLANNERS, POST),
    "planner-layer-style-sld": Route("/planner/layers/{layer}/style/sld/", PLANNERS, POST),
    "field-home": Route("/field/", STAFF),
    "field-shell": Route("/field/shell/en/", EVERYBODY),
    "field-words": Route("/field/words/en/", EVERYBODY),
    "field-manifest": Route("/field/manifest.webmanifest", EVERYBODY),
    "field-worker": Route("/sw.js", EVERYBODY),
    "field-ground": Route("/field/ground", STAFF, POST),
    "field-plain": Route("/field/plain/", STAFF),
    "field-site": Route("/field/sites/{site}/", STAFF),
    "field-inspect": Route("/field/sites/{site}/inspect/", HERE, FORM),
    "sync:hello": Route("/api/sync/hello", STAFF),
    "sync:push": Route("/api/sync/push", STAFF, POST),
    "sync:changes": Route("/api/sync/changes", STAFF),
    "sync:reference": Route("/api/sync/reference", STAFF),
    "sync:receipt": Route("/api/sync/receipt", STAFF, POST),
    "sync:photo": Route("/api/sync/photos/{photo}", frozenset(), PARTS),
    "photo": Route("/photos/{photo}/display/", frozenset()),
    "layer-items": Route("/layers/sites/items.geojson", EVERYBODY),
    "site-pair": Route("/sites/{site}/pair/before.webp", frozenset()),
    "site-pair-tile": Route("/sites/{site}/pair/change/0/0/0.webp", frozenset()),
    "site-pair-numbers": Route("/sites/{site}/pair/change.json", frozenset()),
    "layer-tilejson": Route("/layers/sites/tilejson.json", EVERYBODY),
    # Answered "gone", since the publication has another revision.
    "layer-archive": Route("/layers/sites/tiles/0.pmtiles", EVERYBODY),
    "published-archive": Route("/layers/publication/0.pmtiles", EVERYBODY),
    "layer-tile": Route("/layers/sites/tiles/0/0/0/0.mvt", EVERYBODY),
    "layer-feature": Route("/layers/sites/features/{site}", HERE),
    "raster:scene-tile": Route("/scenes/{photo}/tiles/0/0/0.webp", frozenset()),
    "raster:scene-tilejson": Route("/scenes/{photo}/tiles.json", frozenset()),
    "raster:mosaic-tile": Route("/mosaics/2020-01-01/tiles/0/0/0.webp", frozenset()),
    "raster:mosaic-tilejson": Route("/mosaics/2020-01-01/tiles.json", frozenset()),
    "raster:scene-preview": Route("/scenes/{photo}/preview.webp", frozenset()),
    "accounts:login": Route("/accounts/login/", EVERYBODY, FORM | {"PUT"}),
    "accounts:second-step": Route("/accounts/login/second-step/", frozenset(), FORM),
    "accounts:challenge": Route("/accounts/login/challenge/", EVERYBODY, POST),
    "accounts:by-passkey": Route("/accounts/login/passkey/", frozenset(), POST),
    "accounts:confirm": Route("/accounts/confirm/", STAFF, FORM),
    "accounts:second-factor": Route("/accounts/second-factor/", STAFF),
    "accounts:add-app": Route("/accounts/second-factor/app/", STAFF, FORM),
    "accounts:add-passkey": Route("/accounts/second-factor/passkey/", STAFF, FORM),
    "accounts:recovery-codes": Route("/accounts/second-factor/recovery-codes/", STAFF, FORM),
    "accounts:remove-factor": Route("/accounts/second-factor/1/remove/", STAFF, FORM),
    "accounts:logout": Route("/accounts/logout/", EVERYBODY, POST),
    "accounts:account": Route("/accounts/", STAFF),
    "accounts:password": Route("/accounts/password/", STAFF, FORM | {"PUT"}),
    "accounts:sign-out-everywhere": Route("/accounts/sign-out-everywhere/", STAFF, POST),
    "healthz": Route("/healthz", EVERYBODY),
    "readyz": Route("/readyz", EVERYBODY),
    "problems": Route("/problems/", EVERYBODY),
    "problem": Route("/problems/not-found/", EVERYBODY),
    "set_language": Route("/i18n/setlang/", EVERYBODY, FORM),
    "javascript-catalog": Route("/jsi18n/", EVERYBODY),
    "page-catalogue": Route("/jsi18n/public/", EVERYBODY),
    "favicon": Route("/favicon.ico", EVERYBODY),
}


def names(resolver: Any, prefix: str = "") -> Iterator[str]:
    """Every route's name; the administration stands as one, since Django's own site makes its routes."""
    for pattern in resolver.url_patterns:
        namespace = getattr(pattern, "namespace", None)
        if namespace == "admin":
            yield "admin"
        elif hasattr(pattern, "url_patterns"):
            yield from names(pattern, f"{prefix}{namespace}:" if namespace else prefix)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield prefix + pattern.name


@pytest.fixture
def site(parks: Programme) -> Site:
    """Not published: only those whose district it is in may know of it."""
    make_target(parks)
    return make_site(
        parks, published=False, district=District.objects.get(code="230202"), geom=square()
    )


@pytest.fixture
def actors(site: Site) -> dict[str, Client]:
    here, elsewhere = District.objects.get(code="230202"), District.objects.get(code="230203")
    return {
        "anonymous": Client(),
        "inspector_here": _client("ih", Role.INSPECTOR, here),
        "inspector_elsewhere": _client("ie", Role.INSPECTOR, elsewhere),
        "planner_here": _client("ph", Role.PLANNER, here),
        "planner": _client("p", Role.PLANNER, None),
        "administrator": _client("a", Role.ADMINISTRATOR, None),
        "disabled": _disabled(_client("d", Role.PLANNER, None)),
        "expired": _expired(_client("e", Role.ADMINISTRATOR, None)),
    }


def _client(name: str, role: str, district: District | None) -> Client:
    is_admin = role == Role.ADMINISTRATOR
    user = User.objects.create_user(
        name, password=f"{name}-pw", role=role, is_staff=is_admin, is_superuser=is_admin
    )
    if district is not None:
        Assignment.objects.create(user=user, district=district)
    client = Client()
    client.force_login(user)
    return client


def _disabled(client: Client) -> Client:
    User.objects.filter(username="d").update(is_active=False)
    return client


def _expired(client: Client) -> Client:
    client.session.flush()
    return client


def ask(client: Client, verb: str, path: str) -> HttpResponse:
    return client.generic(verb, path)  # type: ignore[return-value]


def is_answered(response: HttpResponse) -> bool:
    """Anything but "sign in", "you may not" and "there is nothing here"."""
    sent_to_login = response.status_code == 302 and "/accounts/login/" in response["Location"]
    return response.status_code not in {401, 403, 404} and not sent_to_login


def test_every_route_is_listed() -> None:
    known = set(names(get_resolver()))
    assert known - set(ROUTES) - {"admin"} == set(), "routes without a line in ROUTES"
    assert set(ROUTES) - known == set(), "lines without a route"


@pytest.fixture
def job(actors: dict[str, Client]) -> ImportJob:
    """Being sent by the planner; with a preview and a report in its folder, so that there is something to answer."""
    owner = User.objects.get(username="p")
    made = uploads.create(owner, [uploads.NewFile("a.zip", 4)], "")
    folder = JobFolder(made.pk)
    folder.write(folder.preview, "{}")
    RowReportWriter(folder.rows).finish()
    Layer.objects.create(key="kept", name="不公开")
    return made


@pytest.mark.parametrize("name", list(ROUTES))
def test_each_actor_is_answered_or_not(
    name: str, site: Site, actors: dict[str, Client], job: ImportJob
) -> None:
    route = ROUTES[name]
    path = route.path.format(site=site.pk, photo=uuid.uuid4(), job=job.pk, layer="kept")
    for actor, client in actors.items():
        # Signing out would end the session that the next verbs need.
        asking = Client() if name == "accounts:logout" else client
        for verb in sorted(route.verbs):
            response = ask(asking, verb, path)
            assert is_answered(response) == (actor in route.may), (
                actor,
                verb,
                response.status_code,
            )


@pytest.mark.parametrize("name", list(ROUTES))
def test_no_route_answers_to_another_verb(
    name: str, site: Site, actors: dict[str, Client], job: ImportJob
) -> None:
    route = ROUTES[name]
    path = route.path.format(site=site.pk, photo=uuid.uuid4(), job=job.pk, layer="kept")
    for verb in set(VERBS) - route.verbs - {"OPTIONS"}:
        for actor, client in actors.items():
            response = ask(client, verb, path)
            assert response.status_code in {302, 401, 403, 404, 405}, (actor, verb)
            assert site.name.encode() not in response.content


def test_what_an_actor_may_not_see_is_not_told_from_what_is_not_there(
    site: Site, actors: dict[str, Client]
) -> None:
    for actor in ("anonymous", "inspector_elsewhere", "disabled", "expired"):
        for shape in ("/sites/{}/", "/field/sites/{}/inspect/", "/layers/sites/features/{}"):
            foreign = actors[actor].get(shape.format(site.pk)).status_code
            nothing = actors[actor].get(shape.format(uuid.uuid4())).status_code
            assert foreign == nothing


def test_the_administration_is_for_administrators(site: Site, actors: dict[str, Client]) -> None:
    for actor, client in actors.items():
        for path in ("/admin/", "/admin/accounts/user/", f"/admin/projects/site/{site.pk}/change/"):
            response = client.get(path)
            is_in = response.status_code == 200
            assert is_in == (actor in ADMINISTRATORS), (actor, path)
            assert is_in or site.name.encode() not in response.content


def test_nothing_of_it_changes_for_those_who_may_not(site: Site, actors: dict[str, Client]) -> None:
    before = Site.objects.values().get()
    for actor in ("anonymous", "inspector_elsewhere", "disabled", "expired"):
        for shape in ("/planner/sites/{}/", "/planner/sites/{}/step/", "/field/sites/{}/inspect/"):
            actors[actor].post(shape.format(site.pk), {"note": "x", "name": "x", "code": "x"})
    assert Site.objects.values().get() == before
