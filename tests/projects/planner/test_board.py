"""A site's board: what stands on it, and where its code leads whom."""

import re
from urllib.parse import unquote

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from accounts.models import Role, User
from projects.models import Programme, Site
from tests.factories import make_site, make_target

MODULE = 4  # pixels


@pytest.fixture
def site(parks: Programme) -> Site:
    make_target(parks)
    return make_site(parks, "A-1", name="演示·<广场>")


@pytest.fixture
def planner(site: Site, client: Client) -> Client:
    client.force_login(User.objects.create_user("p", password="p-pw", role=Role.PLANNER))
    return client


def read(page: str) -> str:
    """What a camera reads from the symbol, drawn from the page's own SVG."""
    (svg,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    picture = Image.new("L", (side, side), 255)
    (path,) = re.findall(r'stroke="#000"[^>]*? d="([^"]+)"', svg)
    x, y = 0.0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "h":
            for _step in range(int(first)):
                picture.putpixel((int(x), int(y)), 0)
                x += 1
        else:
            start = (0.0, 0.0) if command == "M" else (x, y)
            x, y = start[0] + float(first), start[1] + float(second)
    large = picture.resize((side * MODULE, side * MODULE), Image.Resampling.NEAREST)
    (found,) = zxingcpp.read_barcodes(large)
    return str(found.text)


def test_its_code_is_the_sites_absolute_address(planner: Client, site: Site) -> None:
    page = planner.get(f"/planner/sites/{site.pk}/board/", HTTP_HOST="localhost")
    assert page.status_code == 200
    assert read(page.content.decode()) == f"http://localhost/field/sites/{site.pk}/"


def test_it_says_what_the_site_is_and_what_was_promised(planner: Client, site: Site) -> None:
    page = planner.get(f"/planner/sites/{site.pk}/board/").content.decode()
    clause = site.programme.targets.get().clause
    assert "演示·&lt;广场&gt;" in page
    assert site.code in page
    assert clause.text in page


def test_the_code_leads_staff_into_the_app_and_passers_by_to_the_public_page(
    planner: Client, site: Site
) -> None:
    address = f"/field/sites/{site.pk}/"
    assert planner.get(address)["Location"] == f"/field/#/sites/{site.pk}"
    assert Client().get(address)["Location"] == f"/sites/{site.pk}/"
    Site.objects.filter(pk=site.pk).update(published=False)
    hidden = Client().get(address, HTTP_ACCEPT="text/html")
    assert hidden["Location"].startswith("/accounts/login/")
    assert address in unquote(hidden["Location"])
