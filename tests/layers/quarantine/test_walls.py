"""What a child cannot do, tried for real. A wall that this system lacks is skipped by name."""

import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from layers.quarantine import runner

SECRET = "s3cret-of-the-site"


@pytest.fixture
def files_wall(walls: dict[str, Any]) -> None:
    if "files" not in walls:
        pytest.skip("this kernel has no Landlock")


@pytest.fixture
def calls_wall(walls: dict[str, Any]) -> None:
    if "calls" not in walls:
        pytest.skip("this kernel has no seccomp filter")


@pytest.mark.usefixtures("files_wall")
def test_it_reads_no_file_but_its_own(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text(SECRET)
    database = settings.DATABASES["default"]["NAME"]
    paths = ["/etc/passwd", "/etc/hostname", "/proc/1/environ", f"/proc/{os.getpid()}/environ"]
    paths += [
        str(key),
        str(settings.BASE_DIR / "manage.py"),
        str(Path.home() / ".bashrc"),
        __file__,
    ]
    if Path(str(database)).is_file():
        paths.append(str(database))
    found = runner.run("read_paths", [], {"paths": paths})
    assert found == dict.fromkeys(paths, "PermissionError")


@pytest.mark.usefixtures("files_wall")
def test_it_sees_no_folder_but_its_own(tmp_path: Path) -> None:
    paths = ["/", "/etc", "/proc", "/root", "/home", tempfile.gettempdir(), str(settings.BASE_DIR)]
    found = runner.run("list_folders", [], {"paths": [*paths, str(tmp_path)]})
    assert set(found.values()) == {"PermissionError"}


@pytest.mark.usefixtures("files_wall")
def test_it_reads_no_other_upload(scratch: Path) -> None:
    with runner.start("echo", [b"another bureau's"], {}) as other:
        path = other.folder / "in" / "0"
        assert path.read_bytes() == b"another bureau's"
        found = runner.run("read_paths", [b"mine"], {"paths": [str(path)]})
    assert found == {str(path): "PermissionError"}


@pytest.mark.usefixtures("files_wall")
def test_it_writes_nowhere_but_into_its_folder(tmp_path: Path) -> None:
    paths = [
        str(tmp_path / "x"),
        "/tmp/x",
        "/dev/shm/x",
        str(settings.BASE_DIR / "layers" / "x.py"),
    ]
    found = runner.run("write_paths", [], {"paths": paths})
    assert found == dict.fromkeys(paths, "PermissionError")


@pytest.mark.parametrize("job", ["connect", "connect_by_library"])
def test_not_one_packet_leaves(job: str, walls: dict[str, Any]) -> None:
    if not {"network", "calls", "files"} & set(walls):
        pytest.skip("this system has no wall for the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        answer = runner.run(job, [], {"port": server.getsockname()[1]})
        with pytest.raises(BlockingIOError):
            server.accept()
    assert answer.endswith("Error")


@pytest.mark.usefixtures("calls_wall")
def test_it_runs_no_program_and_touches_no_process() -> None:
    assert runner.run("run_programs", [], {}) == ["PermissionError"] * 5


def test_its_environment_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgis://works:{SECRET}@db/works")
    fresh = runner.Client(runner.CLIENT.jobs)
    monkeypatch.setattr(runner, "CLIENT", fresh)
    try:
        found = runner.run("surroundings", [], {})
    finally:
        fresh.stop()
    assert SECRET not in str(found)
    assert not {"SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL", "HOME"} & set(found["environment"])


def test_it_inherits_no_open_file(tmp_path: Path) -> None:
    with (tmp_path / "open").open("wb") as file:
        os.set_inheritable(file.fileno(), True)
        found = runner.run("surroundings", [], {})
    assert (
        len(found["descriptors"]) == 4
    )  # nothing in, nothing out, no errors, and the line to the parent
    assert found["folder"].endswith("/work")


def test_what_stands_is_told(walls: dict[str, Any]) -> None:
    assert set(walls) <= {"network", "files", "calls", "capabilities"}
    assert all(walls.values())
