"""A server of its own, which knows the hostile jobs too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.quarantine import runner
from layers.quarantine.client import Client
from tests.layers.quarantine.hostile import JOBS


@pytest.fixture(scope="session")
def hostile_client() -> Iterator[Client]:
    client = Client(JOBS | {"selfcheck": "layers.quarantine.selfcheck:selfcheck"})
    yield client
    client.stop()


@pytest.fixture(autouse=True)
def _hostile(hostile_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CLIENT", hostile_client)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of jobs are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture(scope="session")
def walls(hostile_client: Client) -> dict[str, Any]:
    """The walls that this system can put up."""
    patch = pytest.MonkeyPatch()
    patch.setattr(runner, "CLIENT", hostile_client)
    try:
        found: dict[str, Any] = runner.run("selfcheck", [], {})
    finally:
        patch.undo()
    return found
