"""The command that imports a file; the planner's pages are tested in tests/projects/planner/imports."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import Programme, Site
from tests.layers.importing.samples import siblings
from tests.projects.importing.conftest import record, write


def command(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command("import_sites", *map(str, words), stdout=out, **options)
    return out.getvalue()


def test_the_command_imports_and_tells_counts(tmp_path: Path, estates: Programme) -> None:
    path = write(tmp_path)
    said = command("estates", path, publish=True)
    assert "小区.shp: gb18030" in said
    assert "3 new, 0 updated, 0 unchanged, 0 refused" in said
    assert Site.objects.filter(programme=estates, published=True).count() == 3
    assert "0 new, 0 updated, 3 unchanged" in command("estates", path)


def test_the_command_checks_without_storing(tmp_path: Path, estates: Programme) -> None:
    said = command("estates", write(tmp_path), "--dry-run")
    assert "nothing was stored" in said
    assert not Site.objects.exists()


def test_the_command_takes_parts_and_a_mapping(tmp_path: Path, estates: Programme) -> None:
    parts = siblings(write(tmp_path, [record(名称="演示·甲")]))
    command("estates", *parts, "--map", "编号=code", "--map", "户数=attributes.households")
    site = Site.objects.get()
    assert (site.name, site.attributes) == ("E-1", {"households": 12})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["harbours"], "estates"),
        (["estates", "--map", "编号"], "--map 编号"),
        (["estates", "--map", "编号=number"], "number"),
        (["estates", "--crs", "EPSG:1"], "EPSG:1"),
        (["estates", "--encoding", "klingon"], "klingon"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path, estates: Programme, words: list[str], told: str
) -> None:
    programme, *options = words
    with pytest.raises(CommandError, match=told):
        command(programme, write(tmp_path), *options)
    assert not Site.objects.exists()


def test_the_command_tells_each_refusal(tmp_path: Path, estates: Programme) -> None:
    rows = [record("E-1", 户数="-1"), record("E-2"), record("E-3", 县区="远方")]
    with pytest.raises(CommandError) as caught:
        command("estates", write(tmp_path, rows))
    assert "小区.shp, feature 1, field “户数”" in str(caught.value)
    assert "小区.shp, feature 3, field “县区”" in str(caught.value)
    assert not Site.objects.exists()
