"""Parts of a file by the letter of RFC 9110, section 14."""

from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from gis_projects.http.problems import RangeNotSatisfiable
from gis_projects.http.ranges import CHUNK, ranged

ETAG = '"one"'
CONTENT = bytes(range(256)) * 1024


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


def ask(file: Path, method: str = "get", **headers: str) -> Any:
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return ranged(request, file, ETAG, "application/vnd.pmtiles")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-126", 0, 126),
        ("bytes=1000-200000", 1000, 200_000),
        ("bytes=5-", 5, len(CONTENT) - 1),
        ("bytes=-7", len(CONTENT) - 7, len(CONTENT) - 1),
        ("bytes=-99999999", 0, len(CONTENT) - 1),
        ("bytes=262143-999999999", len(CONTENT) - 1, len(CONTENT) - 1),
    ],
)
def test_a_range_is_answered_with_those_bytes(
    file: Path, asked: str, first: int, last: int
) -> None:
    response = ask(file, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["Content-Encoding"] == "identity"
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=9-3",
        "lines=1-2",
        "bytes=0-1,5-6",
        "bytes=a-b",
        "bytes=１-２",
    ],
)
def test_what_is_no_single_range_is_answered_with_the_whole(file: Path, asked: str) -> None:
    response = ask(file, Range=asked.encode().decode("latin-1"))
    assert response.status_code == 200
    assert "Content-Range" not in response
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == CONTENT


@pytest.mark.parametrize("asked", ["bytes=262144-", "bytes=999999-9999999", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_size(file: Path, asked: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        ask(file, Range=asked)
    assert refused.value.status == 416
    assert refused.value.headers == {"Content-Range": f"bytes */{len(CONTENT)}"}


@pytest.mark.parametrize(
    ("known", "status"),
    [(ETAG, 206), ('"other"', 200), ('W/"one"', 200), ("Tue, 24 Nov 2026 00:00:00 GMT", 200)],
)
def test_if_range_asks_for_a_part_of_the_same_file_only(
    file: Path, known: str, status: int
) -> None:
    assert ask(file, Range="bytes=0-9", **{"If-Range": known}).status_code == status


def test_head_tells_of_the_whole_and_sends_nothing(file: Path) -> None:
    response = ask(file, "head", Range="bytes=0-9")
    assert (response.status_code, response["Content-Length"]) == (200, str(len(CONTENT)))
    assert body(response) == b""


def test_a_large_file_comes_in_chunks(file: Path) -> None:
    pieces = list(ask(file).streaming_content)
    assert b"".join(pieces) == CONTENT
    assert max(map(len, pieces)) == CHUNK


def test_an_empty_file_has_no_ranges(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    assert body(ask(path)) == b""
    with pytest.raises(RangeNotSatisfiable):
        ask(path, Range="bytes=0-")
