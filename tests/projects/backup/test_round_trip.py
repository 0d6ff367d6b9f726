"""Backup, loss, restore: the same rows and the same bytes, on the database that the suite runs on."""

import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.projects.backup.conftest import SECRET, SEED, House, Kept

pytestmark = pytest.mark.slow


def test_everything_comes_back_into_an_empty_installation(
    kept: Kept, new_house: Callable[[], House]
) -> None:
    house = new_house()
    house.manage("restore", str(kept.file))
    found = house.look()
    assert found["rows"] == kept.content["rows"]
    assert found["rows"]["projects.Site"][0] == 5
    assert found["rows"]["projects.Photo"][0] == 2
    assert found["files"] == kept.content["files"]
    # Of each its original, the picture that is shown, and a small one.
    assert len(found["files"]) == 2 * 3


def test_a_restore_begins_another_epoch_without_old_sessions_and_revisions(
    kept: Kept, new_house: Callable[[], House]
) -> None:
    assert kept.content["sessions"] == 1
    assert not kept.content["restored"]
    house = new_house()
    house.manage("restore", str(kept.file))
    found = house.look()
    house.manage("restore", "--force", str(kept.file))
    assert house.look()["revision"] > found["revision"] > kept.content["revision"]
    assert kept.content["layers"]
    for key, revision in kept.content["layers"].items():
        assert house.look()["layers"][key] > revision
    assert found["epoch"] != kept.content["epoch"]
    assert found["restored"]
    assert found["sessions"] == 0


def test_what_the_database_refuses_by_itself_is_refused_after_a_restore(
    kept: Kept, new_house: Callable[[], House]
) -> None:
    house = new_house()
    house.manage("restore", str(kept.file))
    done = house.run(
        "-c",
        "import django; django.setup()\n"
        "from projects.models import Site, WorkflowState\n"
        "Site.objects.update(state=WorkflowState.objects.get(key='accepted'))",
    )
    assert "site_state_without_step" in done.stderr


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite numbers rows")
def test_rows_keep_their_numbers_for_the_spatial_indexes(
    kept: Kept, new_house: Callable[[], House]
) -> None:
    house = new_house()
    house.manage("restore", str(kept.file))
    numbers = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SELECT rowid, id FROM projects_site ORDER BY rowid')\n"
        "    print(cursor.fetchall())"
    )
    told = house.python(numbers)
    assert told == kept.house.python(numbers)
    assert "(4, " in told
    assert "(3, " not in told


def test_with_force_what_was_there_is_gone(kept: Kept, new_house: Callable[[], House]) -> None:
    house = new_house()
    house.manage("migrate", "-v0")
    house.python(
        "import django; django.setup()\n"
        "from tests import factories; factories.make_city(key='other')\n"
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('CREATE TABLE from_later_code (id integer)')"
    )
    (house.media / "photos").mkdir(parents=True)
    (house.media / "photos" / "old.jpeg").write_bytes(b"old")
    house.manage("restore", "--force", str(kept.file))
    found = house.look()
    assert found["rows"] == kept.content["rows"]
    assert found["files"] == kept.content["files"]
    assert [path.name for path in house.media.iterdir()] == ["photos"]
    tables = house.python(
        "import django; django.setup()\n"
        "from django.db import connection; print(connection.introspection.table_names())"
    )
    assert "from_later_code" not in tables
    house.manage("backup", str(house.folder / "again.tar"))


def test_a_backup_of_older_tables_is_brought_to_the_state_of_the_code(
    new_house: Callable[[], House], tmp_path: Path
) -> None:
    old, new = new_house(), new_house()
    old.manage("migrate", "-v0")
    old.python(SEED)
    before = old.look()["rows"]
    old.manage("migrate", "-v0", "projects", "0001_initial")
    old.manage("backup", str(tmp_path / "old.tar"))
    new.manage("restore", str(tmp_path / "old.tar"))
    assert new.look()["rows"] == before
    new.manage("check_ready")


PHOTOGRAPHING = """
import django; django.setup()
from projects.evidence import NewPhoto, add_photo
from projects.models import Site
from tests import factories
site = Site.objects.order_by("code").last()
for n in range(100_000):
    add_photo(site, NewPhoto(factories.picture((64 + n, 48)), "during"), by=None)
    print(n)
"""


def test_a_backup_is_whole_while_photographs_come_in(
    new_house: Callable[[], House], tmp_path: Path
) -> None:
    """The restore compares every row's photograph with its file, so one row too many would be refused."""
    busy, calm = new_house(), new_house()
    busy.manage("migrate", "-v0")
    busy.python(SEED)
    with busy.busy(PHOTOGRAPHING) as process:
        done = busy.run("manage.py", "backup", str(tmp_path / "kept.tar"))
        assert process.poll() is None
    assert (done.returncode, done.stderr) == (0, "")
    calm.manage("restore", str(tmp_path / "kept.tar"))
    then, now = calm.look()["rows"]["projects.Photo"], busy.look()["rows"]["projects.Photo"]
    assert 3 <= then[0] < now[0]


def test_the_secret_key_is_in_no_backup_and_nobody_else_reads_it(kept: Kept) -> None:
    assert SECRET.encode() not in kept.file.read_bytes()
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600


def test_any_tar_opens_it(kept: Kept) -> None:
    with tarfile.open(kept.file) as tar:
        names = tar.getnames()
    assert names[0].startswith("database.")
    assert names[-2:] == ["manifest.json", "manifest.sha256"]
    assert {f"media/{path}" for path in kept.content["files"]} == set(names[1:-2])


def test_a_backup_overwrites_only_when_told_to(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "there.tar"
    file.write_bytes(b"precious")
    assert "--force" in kept.house.refusal("backup", str(file))
    assert file.read_bytes() == b"precious"
    kept.house.manage("backup", "--force", str(file))
    assert tarfile.is_tarfile(file)
    assert list(tmp_path.iterdir()) == [file]


def test_a_backup_says_which_picture_lacks_and_comes_back_without_it(
    new_house: Callable[[], House], tmp_path: Path
) -> None:
    house = new_house()
    house.manage("migrate", "-v0")
    house.python(SEED)
    lost = next((house.media / "photos" / "original").rglob("*.jpeg"))
    lost.unlink()
    file = tmp_path / "kept.tar"
    done = house.run("manage.py", "backup", str(file))
    assert done.returncode == 0
    assert lost.name in done.stderr
    other = new_house()
    other.manage("restore", str(file))
    assert other.look()["rows"] == house.look()["rows"]
