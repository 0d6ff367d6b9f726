"""A city small enough to be read at a glance, in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from django.utils import translation

FILES = {
    "city.yaml": """\
        key: newtown
        code: "990100"
        name: 新镇市
        name_en: Newtown
        bbox: [10.0, 50.0, 11.0, 51.0]
        is_demonstration: true
        districts: {file: districts.geojson, is_schematic: false}
        layers:
          - key: brook
            name: 小河
            file: brook.geojson
            published: true
            style:
              layers: [{type: line, paint: {line-color: "#0000ff", line-width: 2}}]
        reports: [report.yaml]
        """,
    "districts.geojson": """\
        {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": "990101", "name": "东区", "fid": 7}, "geometry":
          {"type": "Polygon", "coordinates": [[[10.5, 50], [11, 50], [11, 51], [10.5, 51], [10.5, 50]]]}},
        {"type": "Feature", "properties": {"code": "990102", "name": "西区"}, "geometry": null}
        ]}
        """,
    "brook.geojson": """\
        {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "小河", "depth": 1.5},
         "geometry": {"type": "LineString", "coordinates": [[10.1, 50.1], [10.9, 50.9]]}}
        ]}
        """,
    "workflows.yaml": """\
        workflows:
          - key: build
            name: 建设
            name_en: Building
            states:
              - {key: planned, name: 计划, name_en: Planned, phase: planned, initial: true}
              - {key: works, name: 施工, name_en: Works, phase: working}
              - {key: done, name: 完工, name_en: Done, phase: completed}
              - {key: accepted, name: 验收, name_en: Accepted, phase: accepted}
            steps:
              - {source: planned, target: works}
              - {source: works, target: done, roles: [inspector]}
              - {source: done, target: works, requires_note: true}
              - {source: done, target: accepted, requires_photo: true, roles: [planner]}
        """,
    "programmes.yaml": """\
        units: {亩: mu}
        programmes:
          - key: bridge
            name: 桥
            name_en: Bridges
            theme: 交通
            theme_en: Traffic
            workflow: build
            geometry_kinds: [Point]
            symbol: square
            precision: exact
            published: true
            fields:
              - {key: span_m, title: 跨度, title_en: Span, type: number, unit: 米, minimum: 0,
                 maximum: 900, public: true}
              - {key: material, title: 材料, title_en: Material, type: string, enum: [木, 石], enum_en: [Wood, Stone]}
              - {key: opened, title: 通车, title_en: Opened, type: string, format: date, required: true}
          - key: wood
            name: 林
            name_en: Woods
            theme: 生态
            theme_en: Nature
            workflow: build
            geometry_kinds: [Polygon]
            symbol: tree
            precision: grid:50
            fields:
              - {key: claimed_mu, title: 面积, title_en: Area, type: number, unit: 亩}
        """,
    "report.yaml": """\
        key: report-1
        year: 2030
        title: 报告
        clauses:
          - key: bridges
            section: 交通
            text: 建桥3座,其中石桥1座
            targets:
              - {key: bridges, name: 桥, name_en: Bridges, kind: count, comparator: ge, value: 3, programme: bridge}
              - {key: stone, name: 石桥, name_en: Stone bridges, kind: count, comparator: eq, value: 1,
                 programme: bridge, where: {material: 石}}
          - key: woods
            section: 生态
            text: 造林2.5亩
            targets:
              - {key: woods, name: 林, name_en: Woods, kind: sum, comparator: eq, value: 2.5, unit: 亩, measure: area,
                 programme: wood, value_field: claimed_mu}
          - key: works
            section: 生态
            text: 林地开工
            targets:
              - {key: start, name: 开工, name_en: Start, kind: milestone, comparator: none, programme: wood,
                 milestone_state: works}
        """,
}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def newtown(tmp_path: Path) -> Path:
    """A whole city folder without a mistake."""
    folder = tmp_path / "newtown"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(dedent(text), encoding="utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the only place of ``old`` in a file; gives the line where it stood."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
