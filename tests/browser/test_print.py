"""A map on paper: as on the screen, with the legend of what is drawn."""

import re

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SHOTS, OpenPage, login
from tests.browser.test_map_layers import CITY
from tests.browser.test_public_map import opened

RIVER = "#7fb4d8"


def printed(page: Page, name: str) -> pdfium.PdfDocument:
    """The page as a PDF, and beside the pictures of the screen one of its first sheet."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    document = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    document[0].render(scale=1.3).to_pil().save(SHOTS / f"{name}.png")
    return document


def words(document: pdfium.PdfDocument) -> str:
    """All that stands on its sheets, without spaces."""
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_start_map_has_its_legend_below_it(open_at: OpenPage, size: str) -> None:
    page = opened(open_at(size), f"/?{CITY}&layers=!nen_chainage")
    page.locator(".place-label span").first.wait_for()
    document = printed(page, f"print-start-{size}")
    found = words(document)
    assert "图例" in found
    assert "嫩江干流（示意）" in found
    assert "乡镇和街道" in found
    assert "桩号" not in found  # it is off
    assert "施工中" in found  # what a phase's sign means
    assert "筛选" not in found
    assert len(document) <= 2
    assert document[0].get_width() == pytest.approx(842, abs=1)
    assert page.locator("details[data-print]").get_attribute("open") is None


def test_signs_that_are_not_drawn_at_this_zoom_are_not_in_it(open_at: OpenPage) -> None:
    page = opened(open_at("desktop"), "/?at=8/47.3500/123.9500")
    found = words(printed(page, "print-far"))
    assert "嫩江干流（示意）" in found
    assert "乡镇和街道" not in found


def test_paper_is_drawn_in_the_style_of_the_screen(open_at: OpenPage) -> None:
    page = opened(open_at("desktop"), f"/?{CITY}")
    page.locator(".place-label span").first.wait_for()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    before = page.locator(".leaflet-layer-nen-pane canvas").first.evaluate("c => c.toDataURL()")
    page.emulate_media(media="print")
    legend = page.locator(".print-legend")
    assert legend.locator(f'path[stroke="{RIVER}"]').count() >= 1
    assert (
        page.locator(".leaflet-layer-nen-pane canvas").first.evaluate("c => c.toDataURL()")
        == before
    )
    assert page.locator("#panel .search").is_hidden()


def test_a_planner_s_map_prints_with_its_legend_too(open_at: OpenPage) -> None:
    page = open_at("desktop")
    login(page, "planner")
    page.goto("/planner/")
    page.locator("td a").first.click()
    page.wait_for_selector("body[data-ready]")
    page.wait_for_load_state("networkidle")
    document = printed(page, "print-editor")
    found = words(document)
    # The map is on the first sheet, with what has to be named under it.
    assert "GeoNames" in document[0].get_textpage().get_text_bounded()
    assert "图例" in found
    assert "嫩江干流（示意）" in found
