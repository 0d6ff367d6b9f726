"""What people send, and what comes of it: zips, loose parts, and archives that mean harm."""

import re
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from django.utils import translation

from layers.importing.archive import Limits, Part, parts_of, stage_files
from layers.importing.problems import Code, ImportRefused, Problem
from layers.importing.staging import opened
from tests.layers.importing.samples import SQUARE, shapefile, siblings, zipped


def refused(*files: Path | Part, folder: Path, **options: object) -> tuple[Problem, ...]:
    folder.mkdir(exist_ok=True)
    with pytest.raises(ImportRefused) as caught:
        stage_files(files, folder, **options)  # type: ignore[arg-type]
    return caught.value.problems


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def shp(tmp_path: Path) -> Path:
    return shapefile(tmp_path / "in", [SQUARE])


def test_it_takes_a_shp_with_its_siblings(shp: Path, out: Path) -> None:
    staged = stage_files(parts_of(shp), out)
    assert staged.name == "图斑.shp"
    assert staged.dbf is not None
    assert staged.prj is not None


def test_it_takes_a_zip_with_nested_folders_and_mixed_case(shp: Path, out: Path) -> None:
    for part in siblings(shp):
        part.rename(part.with_suffix(part.suffix.upper()))
    archive = zipped(out.parent / "a.zip", siblings(shp.with_suffix(".SHP")), within="数据/一/")
    assert stage_files([archive], out).name == "图斑.SHP"


def test_it_reads_gbk_names_without_the_utf8_flag(shp: Path, out: Path) -> None:
    archive = out.parent / "gbk.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in siblings(shp):
            file.writestr(zipfile.ZipInfo("XXXX" + part.suffix), part.read_bytes())
    raw = archive.read_bytes().replace(b"XXXX", "齐哈".encode("gbk"))
    archive.write_bytes(raw)
    assert stage_files([archive], out).name == "齐哈.shp"


def test_it_keeps_sidecars_away_from_gdal(shp: Path, out: Path) -> None:
    shp.with_suffix(".shp.aux.xml").write_text("<PAMDataset/>")
    staged = stage_files([zipped(out.parent / "a.zip", siblings(shp))], out)
    assert sorted(p.name for p in staged.path.parent.iterdir()) == ["layer.shp", "layer.shx"]


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_it_names_the_missing_part(shp: Path, out: Path, part: str) -> None:
    shp.with_suffix(part).unlink()
    (problem,) = refused(*parts_of(shp), folder=out)
    assert problem.code is Code.MISSING_PART
    assert problem.params["part"] == part
    assert problem.file == "图斑.shp"
    assert part in problem.sentence()


def test_it_says_that_the_shp_is_missing(shp: Path, out: Path) -> None:
    shp.unlink()
    archive = zipped(out.parent / "a.zip", siblings(shp))
    (problem,) = refused(archive, folder=out)
    assert (problem.code, problem.params["part"]) == (Code.MISSING_PART, ".shp")


def test_it_asks_which_of_several(tmp_path: Path, out: Path, shp: Path) -> None:
    other = shapefile(tmp_path / "in", [SQUARE], name="小班")
    archive = zipped(tmp_path / "a.zip", [*siblings(shp), *siblings(other)])
    (problem,) = refused(archive, folder=out)
    assert problem.code is Code.SEVERAL_LAYERS
    assert problem.params["choices"] == ["图斑.shp", "小班.shp"]
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    assert stage_files([archive], chosen, choose="小班.shp").name == "小班.shp"


def test_it_refuses_a_choice_that_is_not_there(shp: Path, out: Path) -> None:
    (problem,) = refused(*parts_of(shp), folder=out, choose="别的.shp")
    assert problem.code is Code.NO_SUCH_LAYER


@pytest.mark.parametrize("name", ["letter.docx", "picture.png", "noextension"])
def test_it_refuses_what_is_no_gis_file(tmp_path: Path, out: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"hello")
    (problem,) = refused(tmp_path / name, folder=out)
    assert problem.code is Code.NOT_GIS_FILE
    assert name in problem.sentence()


@pytest.mark.parametrize("name", ["fake.shp", "fake.gpkg"])
def test_it_looks_at_the_first_bytes(tmp_path: Path, out: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 something else entirely")
    (problem,) = refused(tmp_path / name, folder=out)
    assert problem.code is Code.NOT_GIS_FILE


@pytest.mark.parametrize("name", ["a.7z", "a.rar", "a.tar.gz"])
def test_it_unpacks_zip_only(tmp_path: Path, out: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert refused(tmp_path / name, folder=out)[0].code is Code.UNSUPPORTED_ARCHIVE


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\x00" * 100])
def test_it_refuses_a_damaged_zip(tmp_path: Path, out: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert refused(tmp_path / "a.zip", folder=out)[0].code is Code.DAMAGED_ARCHIVE


def test_it_refuses_a_zip_whose_content_was_changed(shp: Path, out: Path) -> None:
    archive = zipped(out.parent / "a.zip", siblings(shp))
    raw = bytearray(archive.read_bytes())
    raw[60:80] = bytes(20)
    archive.write_bytes(raw)
    assert refused(archive, folder=out)[0].code is Code.DAMAGED_ARCHIVE


def test_it_refuses_an_empty_zip(tmp_path: Path, out: Path) -> None:
    zipfile.ZipFile(tmp_path / "a.zip", "w").close()
    assert refused(tmp_path / "a.zip", folder=out)[0].code is Code.EMPTY_ARCHIVE


@pytest.mark.parametrize(
    "entry", ["../evil.shp", "/etc/evil.shp", "a/../../evil.shp", "..\\evil.shp", "C:\\evil.shp"]
)
def test_it_refuses_a_path_out_of_the_archive(tmp_path: Path, out: Path, entry: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(entry, b"x")
    assert refused(tmp_path / "a.zip", folder=out)[0].code is Code.UNSAFE_ARCHIVE
    assert not list(tmp_path.rglob("evil.shp"))


def test_it_refuses_links(tmp_path: Path, out: Path) -> None:
    info = zipfile.ZipInfo("link.shp")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(info, "/etc/passwd")
    assert refused(tmp_path / "a.zip", folder=out)[0].code is Code.UNSAFE_ARCHIVE


def test_it_refuses_archives_in_archives(tmp_path: Path, out: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("inner.zip", b"PK")
    assert refused(tmp_path / "a.zip", folder=out)[0].code is Code.UNSAFE_ARCHIVE


def test_it_refuses_an_encrypted_archive(shp: Path, out: Path) -> None:
    archive = zipped(out.parent / "a.zip", siblings(shp))
    raw = bytearray(archive.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 8 : at + 10] = struct.pack("<H", struct.unpack_from("<H", raw, at + 8)[0] | 1)
    archive.write_bytes(raw)
    assert refused(archive, folder=out)[0].code is Code.UNSAFE_ARCHIVE


def test_it_refuses_bombs_by_entries_size_and_ratio(tmp_path: Path, out: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(20):
            file.writestr(f"{number}.shp", bytes(100_000))
    archive = tmp_path / "a.zip"
    many = refused(archive, folder=out, limits=Limits(entries=10))
    large = refused(archive, folder=out, limits=Limits(total_bytes=1_000_000))
    bomb = refused(archive, folder=out, limits=Limits(ratio_from_bytes=50_000))
    assert [p.code for (p,) in (many, large, bomb)] == [
        Code.UNSAFE_ARCHIVE,
        Code.TOO_LARGE,
        Code.UNSAFE_ARCHIVE,
    ]


def test_it_ignores_what_macos_adds(shp: Path, out: Path) -> None:
    archive = zipped(out.parent / "a.zip", siblings(shp))
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("__MACOSX/._图斑.shp", b"x")
    assert stage_files([archive], out).name == "图斑.shp"


def test_it_shows_a_name_without_its_folders_or_controls(tmp_path: Path, out: Path) -> None:
    (tmp_path / "x").write_bytes(b"?")
    (problem,) = refused(Part("../../a\x1b[1m.txt", tmp_path / "x"), folder=out)
    assert problem.file == "a[1m.txt"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("名单.xls", "XLSX"),
        ("规划.dwg", "DXF"),
        ("地类图斑.mdb", "GeoPackage"),
        ("a00000001.gdbtable", "GeoPackage"),
        ("道路.tab", "GeoPackage"),
        ("图.MXD", "the files that its layers show"),
    ],
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_what_is_met_with_often_is_told_how_to_be_saved(
    tmp_path: Path, name: str, told: str, is_zipped: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(b"whatever is in it")
    sent = zipped(tmp_path / "a.zip", [path], "库.gdb/") if is_zipped else path
    with pytest.raises(ImportRefused) as caught, opened([sent]):
        pass
    (problem,) = caught.value.problems
    assert problem.code is Code.SAVE_AS
    assert name in problem.sentence()
    assert told in problem.sentence()
    with translation.override("zh-hans"):
        assert not re.search("[a-z]{3,} [a-z]{3,}", problem.message())


def test_a_data_set_beside_such_a_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "地图.mxd"
    path.write_bytes(b"x")
    parts = siblings(shapefile(tmp_path / "in", [SQUARE]))
    with opened([zipped(tmp_path / "a.zip", [path, *parts])]) as source:
        assert source.count == 1
