"""The app's shell: small, whole, of one version, and it knows nobody."""

import gzip
import hashlib
import json

import pytest
from django.conf import settings
from django.test import Client

from gis_projects.templatetags.modules import graph
from projects.field.app import files

JAVASCRIPT_LIMIT = 220_000  # bytes, compressed


@pytest.mark.django_db
def test_it_knows_nobody_and_holds_no_token(client: Client) -> None:
    page = client.get("/field/shell/zh-hans/")
    assert page.status_code == 200
    assert not page.cookies
    assert b"csrf" not in page.content.lower()


@pytest.mark.django_db
def test_the_worker_announces_what_is_served(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Cache-Control"] == "no-cache"
    assert response["Content-Type"].startswith("text/javascript")
    told = json.loads(response.content.decode().split("\n", 1)[0][len("self.FIELD = ") : -1])
    pages = {entry["url"]: entry["sha256"] for entry in told["entries"]}
    assert list(told["shells"]) == ["zh-hans", "en"]
    for url in (*told["shells"].values(), "/field/words/zh-hans/", "/field/words/en/"):
        assert hashlib.sha256(client.get(url).content).hexdigest() == pages[url]
    for name in (*graph(files.APP), *files.STYLES, *files.SCRIPTS, *files.ICONS):
        assert pages[f"/static/{name}"] == hashlib.sha256(files.content(name)).hexdigest()


@pytest.mark.django_db
def test_each_language_has_its_page_whatever_its_reader_speaks_elsewhere(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    chinese, english = (
        client.get(f"/field/shell/{code}/").content.decode() for code in ("zh-hans", "en")
    )
    assert '<html lang="zh-Hans">' in chinese
    assert "/field/words/zh-hans/" in chinese
    assert '<html lang="en">' in english
    assert "/field/words/en/" in english
    assert "\\u73b0\\u573a" in client.get("/field/words/zh-hans/").content.decode()
    assert "\\u73b0\\u573a" not in client.get("/field/words/en/").content.decode()
    words = client.get("/field/words/zh-hans/").content.decode()
    assert "Everything sent" in words
    assert "Filter by column" not in words  # said by the planner's pages only
    assert client.get("/field/shell/fr/").status_code == 404


@pytest.mark.django_db
def test_the_worker_is_the_same_in_every_language(client: Client) -> None:
    """Another language is no new version of the app."""
    told = {client.get("/sw.js", HTTP_ACCEPT_LANGUAGE=code).content for code in ("zh-hans", "en")}
    assert len(told) == 1


@pytest.mark.django_db
def test_the_manifest_names_icons_that_exist(client: Client) -> None:
    response = client.get("/field/manifest.webmanifest")
    told = json.loads(response.content)
    assert response["Content-Type"].startswith("application/manifest+json")
    assert (told["start_url"], told["scope"], told["lang"]) == ("/field/", "/field/", "zh-hans")
    assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}
    for icon in told["icons"]:
        assert files.content(icon["src"].removeprefix("/static/"))


@pytest.mark.django_db
def test_its_javascript_is_small_enough(client: Client) -> None:
    """All that a tablet keeps: what the list needs, what screens fetch later, the words of both languages."""
    told = json.loads(
        client.get("/sw.js").content.decode().split("\n", 1)[0][len("self.FIELD = ") : -1]
    )
    names = [entry["url"].removeprefix("/static/") for entry in told["entries"]]
    scripts = [
        files.content(name) for name in [*names, "js/field/worker.js"] if name.endswith(".js")
    ]
    words = [client.get(name).content for name in names if "/words/" in name]
    assert len(words) == 2
    size = sum(len(gzip.compress(one, 9)) for one in (*scripts, *words))
    assert size <= JAVASCRIPT_LIMIT, f"{size} bytes of JavaScript, compressed"
