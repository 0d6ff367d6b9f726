"""Every module of a page is announced, and none that the page does not import."""

import re
from pathlib import Path

import pytest

from gis_projects.templatetags.modules import graph, later_module, module

ROOT = Path(__file__).resolve().parent.parent / "static"


@pytest.mark.parametrize(
    "app", ["public", "site", "planner", "forms", "history", "import_upload", "import_job"]
)
def test_the_whole_import_graph_is_announced(app: str) -> None:
    names = graph(f"js/apps/{app}.js")
    assert len(names) == len(set(names))
    imported = {Path(f"js/apps/{app}.js")}
    for name in names:
        source = (ROOT / name).read_text(encoding="utf-8")
        for relative in re.findall(r"from ['\"](\..+?)['\"]", source):
            path = (ROOT / name).parent / relative
            imported.add(path.resolve().relative_to(ROOT))
    assert {Path(name) for name in names} == imported
    html = module(f"js/apps/{app}.js")
    assert html.count("modulepreload") == len(names) - 1
    assert html.count("<script") == 1


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        graph("js/apps/nowhere.js")


def test_what_is_imported_later_is_announced_without_what_the_page_has() -> None:
    html = later_module("js/map/tile_layer.js", "js/apps/public.js")
    own = [name for name in graph("js/map/tile_layer.js") if name not in graph("js/apps/public.js")]
    assert "js/vendor/protomaps-leaflet/tiles.js" in own
    assert html.count("modulepreload") == len(own)
    assert "<script" not in html
