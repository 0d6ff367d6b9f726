"""What is not restored, and that a refusal changes nothing."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from projects.backup import archive
from projects.backup.manifest import FORMAT_VERSION
from tests.projects.backup.conftest import House, Kept

pytestmark = pytest.mark.slow
Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def empty(new_house: Callable[[], House]) -> House:
    return new_house()


def altered(kept: Kept, path: Path, change: Change) -> str:
    """The archive, taken apart, changed and put together again."""
    with tarfile.open(kept.file) as tar:
        parts = {member.name: _bytes(tar, member) for member in tar.getmembers()}
    change(parts)
    with tarfile.open(path, "w") as tar:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return str(path)


def _bytes(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = tar.extractfile(member)
    assert source is not None
    return source.read()


def manifest(**values: Any) -> Change:
    """Other values in the manifest, with its checksum made to fit."""

    def change(parts: dict[str, bytes]) -> None:
        data = json.dumps(json.loads(parts[archive.MANIFEST]) | values).encode()
        parts[archive.MANIFEST] = data
        parts[archive.MANIFEST_SUM] = hashlib.sha256(data).hexdigest().encode()

    return change


def assert_untouched(house: House) -> None:
    assert not [path for path in house.folder.rglob("*") if "restor" in path.name]
    assert not house.media.exists() or not any(house.media.iterdir())


def test_a_full_installation_is_left_alone(kept: Kept) -> None:
    told = kept.house.refusal("restore", str(kept.file))
    assert "--force" in told
    assert kept.house.look() == kept.content


def test_pictures_alone_make_an_installation_full(
    kept: Kept, new_house: Callable[[], House]
) -> None:
    house = new_house()
    house.media.mkdir()
    (house.media / "picture.jpeg").write_bytes(b"x")
    assert "--force" in house.refusal("restore", str(kept.file))
    assert (house.media / "picture.jpeg").read_bytes() == b"x"


def test_a_damaged_picture_is_found(kept: Kept, empty: House, tmp_path: Path) -> None:
    def flip(parts: dict[str, bytes]) -> None:
        name = next(name for name in parts if name.endswith(".jpeg"))
        parts[name] = parts[name][:-1] + bytes([parts[name][-1] ^ 1])

    told = empty.refusal("restore", altered(kept, tmp_path / "x.tar", flip))
    assert ".jpeg" in told
    assert_untouched(empty)


def test_a_damaged_database_is_found(kept: Kept, empty: House, tmp_path: Path) -> None:
    def flip(parts: dict[str, bytes]) -> None:
        name = next(name for name in parts if name.startswith("database."))
        middle = len(parts[name]) // 2
        parts[name] = (
            parts[name][:middle] + bytes([parts[name][middle] ^ 1]) + parts[name][middle + 1 :]
        )

    told = empty.refusal("restore", altered(kept, tmp_path / "x.tar", flip))
    assert "database." in told
    assert_untouched(empty)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(
    kept: Kept, empty: House, tmp_path: Path, share: float
) -> None:
    data = kept.file.read_bytes().rstrip(b"\0")
    (tmp_path / "x.tar").write_bytes(data[: int(len(data) * share)])
    empty.refusal("restore", str(tmp_path / "x.tar"))
    assert_untouched(empty)


def test_any_other_file_is_refused(empty: House, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all" * 1000)
    empty.refusal("restore", str(tmp_path / "letter.txt"))
    empty.refusal("restore", str(tmp_path / "nothing.tar"))
    assert_untouched(empty)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"version": FORMAT_VERSION + 1}, str(FORMAT_VERSION + 1)),
        ({"format": "another"}, "another"),
        ({"vendor": "oracle"}, "oracle"),
        ({"migrations": {"projects": ["0001_initial", "9999_later"]}}, "projects.9999_later"),
    ],
)
def test_what_this_code_does_not_know_is_refused(
    kept: Kept, empty: House, tmp_path: Path, values: dict[str, Any], word: str
) -> None:
    told = empty.refusal("restore", altered(kept, tmp_path / "x.tar", manifest(**values)))
    assert word in told
    assert_untouched(empty)


def test_a_link_is_not_followed(kept: Kept, empty: House, tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(kept.file.read_bytes())
    with tarfile.open(path, "a") as tar:
        link = tarfile.TarInfo("media/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert "media/link" in empty.refusal("restore", str(path))
    assert_untouched(empty)


@pytest.mark.parametrize("name", ["media/../../escaped", "/tmp/escaped", "media/.restoring/x"])
def test_a_name_that_leaves_its_folder_is_refused(
    kept: Kept, empty: House, tmp_path: Path, name: str
) -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts[name] = b"escaped"

    told = empty.refusal("restore", altered(kept, tmp_path / "x.tar", add))
    assert "escaped" in told or ".restoring" in told
    assert not (empty.folder / "escaped").exists()
    assert_untouched(empty)


def test_what_fails_late_is_taken_back(
    kept: Kept, new_house: Callable[[], House], tmp_path: Path
) -> None:
    """Counts are compared after the exchange: the archive is whole, and still not what it claims."""
    house = new_house()
    house.manage("migrate", "-v0")
    house.python(
        "import django; django.setup()\nfrom tests import factories; factories.make_city()"
    )
    (house.media / "photos").mkdir(parents=True)
    (house.media / "photos" / "mine.jpeg").write_bytes(b"mine")
    before = house.look()
    wrong = altered(kept, tmp_path / "x.tar", manifest(counts={"projects_city": 7}))
    assert "projects_city" in house.refusal("restore", "--force", wrong)
    assert house.look() == before
    assert [path.name for path in house.media.iterdir()] == ["photos"]
    house.manage("backup", str(tmp_path / "after.tar"))


def test_a_restore_that_was_killed_is_taken_back_by_the_next(
    kept: Kept, new_house: Callable[[], House]
) -> None:
    house = new_house()
    house.manage("migrate", "-v0")
    house.python(
        "import django; django.setup()\nfrom tests import factories; factories.make_city()"
    )
    (house.media / "photos").mkdir(parents=True)
    (house.media / "photos" / "mine.jpeg").write_bytes(b"mine")
    before = house.look()
    killed = house.run(
        "-c",
        "import django; django.setup()\n"
        "import os, pathlib\n"
        "from projects.backup import restoring\n"
        "restoring._refuse_difference = lambda *_: os._exit(9)\n"
        f"restoring.restore(pathlib.Path({str(kept.file)!r}), force=True, say=print)",
    )
    assert killed.returncode == 9, killed.stderr
    assert "--force" in house.refusal("restore", str(kept.file))
    assert house.look() == before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has locks of its own")
def test_a_database_in_use_is_not_exchanged(kept: Kept) -> None:
    done = kept.house.run(
        "-c",
        "import django; django.setup()\n"
        "import subprocess, sys\n"
        "from projects.models import City\n"
        "City.objects.count()\n"
        f"sys.exit(subprocess.run([sys.executable, 'manage.py', 'restore', '--force', {str(kept.file)!r}]).returncode)",
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert kept.house.look() == kept.content


def test_without_pg_dump_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from projects.backup import postgres
    from projects.backup.refusal import BackupRefused

    monkeypatch.setattr(postgres.shutil, "which", lambda _name: None)
    monkeypatch.setattr(postgres.Path, "glob", lambda _self, _pattern: [])
    with pytest.raises(BackupRefused, match="apt-get install postgresql-client"):
        postgres.program("pg_dump")


def test_a_backup_does_not_lie_in_what_it_keeps(kept: Kept, tmp_path: Path) -> None:
    kept.house.refusal("backup", str(kept.house.media / "x.tar"))
    kept.house.refusal("backup", str(tmp_path / "no" / "folder" / "x.tar"))
    assert kept.house.look() == kept.content
