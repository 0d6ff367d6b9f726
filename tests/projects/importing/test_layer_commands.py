"""manage.py import_layer and undo_layer."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from layers.models import Feature, Layer


def run(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out, **options)
    return out.getvalue()


def file(folder: Path, *names: str, lon: float = 123.9) -> Path:
    point = {"type": "Point", "coordinates": [lon, 47.3]}
    rows = [{"type": "Feature", "geometry": point, "properties": {"名称": name}} for name in names]
    path = folder / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def test_a_layer_comes_in_is_replaced_and_comes_back(city: object, tmp_path: Path) -> None:
    assert "2 features" in run(
        "import_layer", "towns", file(tmp_path, "甲", "乙"), "--name", "乡镇"
    )
    assert Layer.objects.get(key="towns").name == "乡镇"
    run("import_layer", "towns", file(tmp_path, "丙"), "--replace")
    names = Feature.objects.filter(layer__key="towns").shown().order_by("pk").values_list("name")
    assert list(names.all()) == [("丙",)]
    run("undo_layer", "towns")
    assert list(names.all()) == [("甲",), ("乙",)]


def test_replaced_files_are_forgotten(city: object, tmp_path: Path) -> None:
    run("import_layer", "towns", file(tmp_path, "甲"))
    run("import_layer", "towns", file(tmp_path, "乙"), "--replace")
    assert "1 former" in run("undo_layer", "towns", "--prune")
    assert Feature.objects.filter(layer__key="towns").count() == 1


def test_a_check_stores_nothing(city: object, tmp_path: Path) -> None:
    assert "nothing was stored" in run("import_layer", "towns", file(tmp_path, "甲"), "--dry-run")
    assert not Layer.objects.filter(key="towns").exists()


def test_what_is_wrong_is_said(city: object, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="outside"):
        run("import_layer", "towns", file(tmp_path, "甲", lon=12.0))
    with pytest.raises(CommandError, match="no layer"):
        run("import_layer", "towns", file(tmp_path, "甲"), "--append")
    with pytest.raises(CommandError, match="no layer"):
        run("undo_layer", "nowhere")
    Layer.objects.create(key="empty", name="empty")
    with pytest.raises(CommandError, match="no import"):
        run("undo_layer", "empty")
