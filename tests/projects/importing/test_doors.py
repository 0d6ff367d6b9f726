"""The two doors to an import: the command, and the planner's upload page."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from projects.models import Programme, Site
from tests.conftest import Cast
from tests.layers.importing.samples import Column, geopackage, siblings, zipped
from tests.projects.importing.conftest import record, ring, write

PATH = "/planner/import/"


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


def upload(
    programme: Programme, *paths: Path, action: str = "store", **more: Any
) -> dict[str, Any]:
    parts = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return {"programme": programme.pk, "parts": parts, "action": action, **more}


@pytest.fixture
def planner(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    client.cookies["django_language"] = "en"
    return client


def test_a_planner_checks_a_zip_and_then_imports_it(
    tmp_path: Path, estates: Programme, planner: Client, cast: Cast
) -> None:
    archive = zipped(tmp_path / "小区.zip", siblings(write(tmp_path / "in")))
    checked = planner.post(PATH, upload(estates, archive, action="check"))
    report = checked.context["report"]
    assert (report.created, report.stored) == (3, False)
    assert not Site.objects.exists()
    stored = planner.post(PATH, upload(estates, archive, publish="on"))
    assert stored.context["report"].stored
    site = Site.objects.first()
    assert site is not None and site.published
    assert {entry.by for entry in site.transitions.all()} == {cast.alice}
    assert "小区.shp" in stored.content.decode()


def test_a_planner_sends_the_parts_one_by_one(
    tmp_path: Path, estates: Programme, planner: Client
) -> None:
    planner.post(PATH, upload(estates, *siblings(write(tmp_path))))
    assert Site.objects.count() == 3


def test_a_planner_chooses_crs_encoding_and_layer(
    tmp_path: Path, estates: Programme, planner: Client
) -> None:
    path = tmp_path / "a.gpkg"
    shape = {"type": "Polygon", "coordinates": [ring()]}
    for layer in ("甲", "乙"):
        geopackage(path, [{"geometry": shape, "properties": {"名称": "E-9"}}], layer)
    response = planner.post(PATH, upload(estates, path, layer="乙", crs="EPSG:4490"))
    assert response.context["report"].columns == ["名称"]
    shp = write(tmp_path / "in", [record(名称="演示·碾子山")], crs=None)
    parts = siblings(shp)
    planner.post(PATH, upload(estates, *parts, crs="4490", encoding="gb18030"))
    assert Site.objects.get().name == "演示·碾子山"


def test_what_is_wrong_stands_on_the_page(
    tmp_path: Path, estates: Programme, planner: Client
) -> None:
    path = write(tmp_path, [record("E-1", 户数="-1"), record("E-2")])
    page = planner.post(PATH, upload(estates, *siblings(path))).content.decode()
    assert "小区.shp" in page and "户数" in page and "-1" in page
    path.with_suffix(".shx").unlink()
    assert ".shx" in planner.post(PATH, upload(estates, *siblings(path))).content.decode()
    assert not Site.objects.exists()


def test_too_much_and_nothing_at_all_are_refused(
    tmp_path: Path, estates: Programme, planner: Client, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000
    response = planner.post(PATH, upload(estates, *siblings(write(tmp_path))))
    assert "parts" in response.context["form"].errors
    response = planner.post(PATH, upload(estates))
    assert "parts" in response.context["form"].errors
    assert not Site.objects.exists()


def test_the_sender_s_file_name_is_no_path(
    tmp_path: Path, estates: Programme, planner: Client
) -> None:
    part = SimpleUploadedFile("../../etc/小区.shp", b"x")
    part.name = "../../etc/<i>x.shp"
    data = {"programme": estates.pk, "parts": [part], "action": "store"}
    page = planner.post(PATH, data).content.decode()
    assert "etc/" not in page
    assert "<i>x" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_planners_come_in(
    tmp_path: Path, estates: Programme, client: Client, cast: Cast, method: str
) -> None:
    data = upload(estates, *siblings(write(tmp_path)))
    client.force_login(cast.bob)
    assert getattr(client, method)(PATH, data).status_code == 403
    client.force_login(cast.dora)
    assert client.get(PATH).status_code == 200
    client.logout()
    assert getattr(client, method)(PATH, data).status_code in {302, 401}
    assert not Site.objects.exists()


def test_a_planner_maps_columns_without_sending_the_file_again(
    tmp_path: Path, estates: Programme, planner: Client
) -> None:
    columns = (Column("XMBH"), Column("XMMC"), Column("HS", "N", 8))
    path = write(tmp_path, [["E-1", "演示·甲", "7"]], columns=columns)
    first = planner.post(PATH, upload(estates, *siblings(path), action="check"))
    assert first.context["report"].refused  # nothing tells that XMBH is the code
    page = first.content.decode()
    assert 'value="attributes.households"' in page
    assert "E-1" in page
    again = {
        "programme": estates.pk,
        "staged": first.context["staged"],
        "column": ["XMBH", "XMMC", "HS"],
        "target": ["code", "name", "attributes.households"],
    }
    checked = planner.post(PATH, {**again, "action": "check"})
    assert (checked.context["report"].created, Site.objects.count()) == (1, 0)
    stored = planner.post(PATH, {**again, "action": "store"})
    assert stored.context["report"].stored
    site = Site.objects.get()
    assert (site.code, site.name, site.attributes["households"]) == ("E-1", "演示·甲", 7)
    gone = planner.post(PATH, {**again, "action": "store"})
    assert "parts" in gone.context["form"].errors


def test_a_staged_file_is_its_sender_s_alone(
    tmp_path: Path, estates: Programme, planner: Client, cast: Cast
) -> None:
    first = planner.post(PATH, upload(estates, *siblings(write(tmp_path)), action="check"))
    token = first.context["staged"]
    other = Client()
    other.force_login(cast.dora)
    for stolen in (token, "../" + token[3:], "0" * 32, ""):
        answer = other.post(PATH, {"programme": estates.pk, "staged": stolen, "action": "store"})
        assert "parts" in answer.context["form"].errors
    assert not Site.objects.exists()
