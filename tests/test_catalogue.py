"""A page's scripts find the words that they say, and are not kept waiting for those of other pages."""

import json
import re

import pytest
from django.test import Client

from gis_projects.catalogue import source_of

SAID = re.compile(r"""\bgettext\('((?:[^'\\]|\\.)+)'\)""")


def catalogue(client: Client, address: str) -> dict[str, object]:
    text = client.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    found = re.search(r"const newcatalog = (\{.*?\n  \});", text, re.DOTALL)
    assert found, text[:400]
    words: dict[str, object] = json.loads(found[1])
    return words


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["public", "site"])
def test_it_has_what_the_page_s_modules_say(client: Client, page: str) -> None:
    own, whole = catalogue(client, f"/jsi18n/{page}/"), catalogue(client, "/jsi18n/")
    said = {words.replace("\\'", "'") for words in SAID.findall(source_of(f"js/apps/{page}.js"))}
    assert len(said) > 5
    assert said <= own.keys()
    assert own.items() <= whole.items()
    assert len(own) < len(whole) / 2


def test_it_has_what_is_imported_only_later() -> None:
    assert "class TileLayer" in source_of("js/apps/public.js")


@pytest.mark.django_db
def test_a_page_that_is_none_has_no_words(client: Client) -> None:
    assert client.get("/jsi18n/nowhere/").status_code == 404
