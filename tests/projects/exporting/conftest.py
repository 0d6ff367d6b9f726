"""Files of the export, taken from the very page that planners press."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.conftest import Cast

Download = Callable[..., Path]


@pytest.fixture
def planner(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


@pytest.fixture
def download(planner: Client, tmp_path: Path) -> Download:
    """``download("gpkg", programme="parks")``: the file; a zip is unpacked and its folder given."""

    def take(format_key: str, **query: str | list[str]) -> Path:
        response = planner.get("/planner/export/", {"format": format_key, **query})
        assert response.status_code == 200, response.content
        name = response["Content-Disposition"].split('filename="')[1].rstrip('"')
        path = tmp_path / name
        path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
        if path.suffix != ".zip":
            return path
        folder = tmp_path / f"{path.stem}-{format_key}"
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        return folder

    return take
