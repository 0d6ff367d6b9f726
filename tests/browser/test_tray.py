"""What tablets sent and somebody has to decide, looked at and decided in a browser at desktop and tablet size."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, axe, login

Shot = Callable[[Page, str], Path]
# In Longsha district, by the demonstration's borders.
RING = [[123.95, 47.33], [123.96, 47.33], [123.96, 47.337], [123.95, 47.337], [123.95, 47.33]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


class Sender:
    """A signed-in page that speaks to the server as the app on a tablet does."""

    def __init__(self, page: Page) -> None:
        self.page, self.device, self.seq = page, str(uuid.uuid4()), 0
        self.hello = page.request.get("/api/sync/hello").json()
        self.sites = page.request.get("/api/sync/changes").json()["sites"]

    def site(self, programme: str, number: int) -> dict[str, Any]:
        found = [one for one in self.sites if one["programme"] == programme]
        return found[number]  # type: ignore[no-any-return]

    def send(self, entity: str, target: str, changes: dict[str, Any]) -> dict[str, Any]:
        """changes: field to [old, new]. What became of it."""
        self.seq += 1
        body = json.dumps(
            {
                "op_id": str(uuid.uuid4()),
                "device_id": self.device,
                "device_seq": self.seq,
                "author_id": self.hello["user"]["id"],
                "schema_v": 1,
                "entity": entity,
                "id": target,
                "base_rev": None,
                "changes": changes,
                "depends_on": [],
                "client_time": dt.datetime.now(dt.UTC).isoformat(),
            }
        )
        batch = {
            "device": {"id": self.device, "name": "演示平板", "app": "1"},
            "now": dt.datetime.now(dt.UTC).isoformat(),
            "ops": [{"body": body, "sha256": hashlib.sha256(body.encode()).hexdigest()}],
        }
        response = self.page.request.post(
            "/api/sync/push", data=batch, headers={"X-CSRFToken": self.hello["csrf"]}
        )
        assert response.ok, response.text()
        return response.json()["results"][0]  # type: ignore[no-any-return]


@pytest.fixture
def sender(open_at: OpenPage) -> Sender:
    page = open_at("tablet")
    login(page, "inspector")
    return Sender(page)


@pytest.fixture(params=["desktop", "tablet"])
def office(request: pytest.FixtureRequest, open_at: OpenPage) -> Page:
    page = open_at(request.param)
    login(page, "planner")
    return page


def open_latest(page: Page) -> None:
    page.goto("/planner/tray/")
    page.locator("tbody a").first.click()


def looks_right(page: Page, shot: Shot, name: str) -> None:
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shot(page, name)


def test_a_conflict_is_decided_field_by_field(sender: Sender, office: Page, shot: Shot) -> None:
    site = sender.site("greening", 0)
    changes = {
        "progress": [site["progress"] + 1, (site["progress"] + 50) % 100],
        "address": ["别处", "演示路 7 号"],
    }
    assert sender.send("site", site["id"], changes)["status"] == "conflict"
    office.goto("/planner/tray/")
    looks_right(office, shot, "list")
    open_latest(office)
    looks_right(office, shot, "conflict")
    office.get_by_role("button", name="按所选决定").click()  # the browser asks for a choice first
    assert office.url.rstrip("/").split("/")[-1].isdigit()
    office.get_by_role("row", name="进度").get_by_role("radio").last.check()
    office.get_by_role("row", name="地址").get_by_role("radio").first.check()
    office.get_by_role("button", name="按所选决定").click()
    expect(office.locator(".message").first).to_contain_text("已处理")


def test_two_outlines_and_the_one_before_are_on_the_map(
    open_at: OpenPage, office: Page, shot: Shot
) -> None:
    page = open_at("tablet")
    login(page, "planner")
    sender = Sender(page)
    site = sender.site("greening", 1)
    began = site["geom"]
    east = uuid.uuid4().int % 1000 / 1e5  # another outline each time
    theirs, mine = (
        {"type": "Polygon", "coordinates": [[[lon + shift, lat + shift / 2] for lon, lat in RING]]}
        for shift in (east, east + 0.002)
    )
    assert sender.send("site", site["id"], {"geom": [began, theirs]})["status"] == "applied"
    assert sender.send("site", site["id"], {"geom": [began, mine]})["status"] == "conflict"
    open_latest(office)
    office.wait_for_selector("#history-map[data-ready]")
    expect(office.locator(".history-key")).to_contain_text("修改前")
    looks_right(office, shot, "outlines")
    office.get_by_role("button", name="全部保留现有值").click()
    expect(office.locator(".message").first).to_contain_text("已处理")


def test_a_proposal_is_completed_and_registered(sender: Sender, office: Page, shot: Shot) -> None:
    said = {"programme": "greening", "geom": SQUARE, "name": "演示·新造林", "note": "路边新栽"}
    changes = {name: [None, value] for name, value in said.items()}
    assert sender.send("proposal", str(uuid.uuid4()), changes)["status"] == "proposed"
    open_latest(office)
    office.wait_for_selector("#history-map[data-ready]")
    expect(office.locator("select[name=district]")).not_to_have_value("")
    looks_right(office, shot, "proposal")
    office.fill("input[name=code]", f"ZL-{uuid.uuid4().hex[:8]}")
    office.fill("input[name=attr-sub_compartment]", "12")
    office.fill("input[name=attr-claimed_area_mu]", "880")
    office.get_by_role("button", name="登记该点位").click()
    expect(office.locator(".message").first).to_contain_text("已处理")


def test_a_refused_record_says_why_in_plain_words(sender: Sender, office: Page, shot: Shot) -> None:
    site = sender.site("greening", 2)
    result = sender.send("site", site["id"], {"progress": [site["progress"], 500]})
    assert result["status"] == "quarantined"
    open_latest(office)
    expect(office.locator(".why")).to_contain_text("有字段的值不符合要求")
    looks_right(office, shot, "refused")
    office.fill("input[name=note]", "已电话核实")
    office.get_by_role("button", name="保持现状").click()
    expect(office.locator(".message").first).to_contain_text("已处理")
