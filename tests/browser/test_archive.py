"""The whole publication made one file by a real worker, and fetched, on the planner's page of layers."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pmtiles.reader import MmapSource, Reader

from tests.browser.conftest import axe, login
from tests.layers.mvt.reading import read

pytestmark = pytest.mark.usefixtures("worker")
Shot = Callable[[Page, str], Path]
MADE_MS = 240_000


def test_the_publication_is_made_and_fetched(tablet: Page, shot: Shot, tmp_path: Path) -> None:
    page = tablet
    login(page, "planner")
    page.goto("/planner/layers/")
    expect(page.get_by_role("heading", name="全部公开内容（单个文件）")).to_be_visible()
    assert axe(page) == []
    shot(page, "before")
    page.get_by_role("button", name="生成瓦片包").click()
    link = page.get_by_role("link", name="publication.pmtiles")
    expect(page.locator("progress").or_(link)).to_be_visible()
    shot(page, "meanwhile")
    expect(link).to_be_visible(timeout=MADE_MS)
    expect(page.get_by_role("button", name="生成瓦片包")).to_have_count(0)
    shot(page, "made")
    with page.expect_download() as waiting:
        link.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "publication.pmtiles"
    with path.open("rb") as file:
        reader = Reader(MmapSource(file))
        assert reader.header()["max_zoom"] == 14
        names = {layer["id"] for layer in reader.metadata()["vector_layers"]}
        assert {"sites", "districts", "nen", "places"} <= names
        content = reader.get(6, 54, 22)
    assert content is not None
    assert {"sites_cells", "districts"} <= set(read(gzip.decompress(content)))
