"""A source that a child reads: the same as one that is read here, and a sentence for every way to fail."""

from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.importing.archive import stage_files
from layers.importing.problems import Code, ImportRefused
from layers.importing.readers import open_source
from layers.importing.staging import opened
from layers.quarantine import runner
from layers.quarantine.runner import Reason, Stopped
from layers.quarantine.wire import Frame, WireError
from tests.layers.importing.samples import SQUARE, Column, shapefile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shapes: list[Any] = [SQUARE] * 20
    shapes[7] = None
    columns = [Column("名称"), Column("日期", "D", 8), Column("面积", "N", 10, 2)]
    values = [[f"图斑{n}", "20220601" if n % 2 else "", f"{n}.25"] for n in range(20)]
    return shapefile(tmp_path / "in", shapes, values, columns=columns)


def test_it_is_the_same_as_one_that_is_read_here(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "staged"
    folder.mkdir()
    parts = sorted(path.parent.glob(path.stem + ".*"))
    with open_source(stage_files(parts, folder)) as here, opened([path]) as there:
        for name in (
            "file",
            "layer",
            "layers",
            "fields",
            "kind",
            "crs_text",
            "count",
            "encoding",
            "warnings",
        ):
            assert getattr(there, name) == getattr(here, name)
        for one, two in zip(here.chunks(6), there.chunks(6), strict=True):
            assert (one.fids, one.properties, one.problems) == (
                two.fids,
                two.properties,
                two.problems,
            )
            assert one.numbers.tolist() == two.numbers.tolist()
            assert one.had_z.tolist() == two.had_z.tolist()
            assert (
                shapely.to_wkb(one.geometries).tolist() == shapely.to_wkb(two.geometries).tolist()
            )


def test_passes_do_not_disturb_each_other(path: Path) -> None:
    with opened([path]) as source:
        given_up, one, two = source.chunks(3), source.chunks(4), source.chunks(5)
        next(given_up)
        next(given_up)
        numbers = [[], []]  # type: ignore[var-annotated]
        for first, second in zip(one, two, strict=False):
            numbers[0] += first.numbers.tolist()
            numbers[1] += second.numbers.tolist()
        given_up.close()
        assert numbers[0][:16] == numbers[1][:16] == list(range(1, 17))
        assert sum(len(chunk) for chunk in source.chunks(7)) == 20


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (Reason.MEMORY, Code.TOO_MUCH_MEMORY),
        (Reason.TIME, Code.TOOK_TOO_LONG),
        (Reason.CRASH, Code.READER_CRASHED),
        (Reason.GARBAGE, Code.READER_CRASHED),
        (Reason.UNAVAILABLE, Code.QUARANTINE_UNAVAILABLE),
    ],
)
@pytest.mark.parametrize("when", ["open", "read"])
def test_what_ends_the_child_is_one_sentence_about_the_file(
    path: Path, reason: Reason, code: Code, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_job: runner.Job) -> Frame:
        raise Stopped(reason)

    if when == "open":
        monkeypatch.setattr(runner.Job, "receive", stopped)
    with pytest.raises(ImportRefused) as refused, opened([path]) as source:
        monkeypatch.setattr(runner.Job, "receive", stopped)
        list(source.chunks())
    (problem,) = refused.value.problems
    assert problem.code is code
    assert path.name in problem.sentence()


def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.QUARANTINE_MEMORY_BYTES = 64 << 20
    bomb = tmp_path / "bomb.geojson"
    bomb.write_text(
        '{"type":"FeatureCollection","features":[' + "[],".join([""] * 4_000_000) + "[]]}"
    )
    with pytest.raises(ImportRefused) as refused, opened([bomb]) as source:
        list(source.chunks())
    assert refused.value.problems[0].code is Code.TOO_MUCH_MEMORY


@pytest.mark.parametrize(
    "change",
    [
        {"count": 2},
        {"count": "x"},
        {"problems": [[9, {}]]},
        {"problems": [[0, {"code": "no_such_code"}]]},
        {"problems": None},
    ],
)
def test_a_chunk_that_does_not_fit_together_is_not_believed(
    path: Path, change: dict[str, Any]
) -> None:
    from layers.importing.packing import pack_chunk, unpack_chunk

    with opened([path]) as source:
        chunk = next(source.chunks(3))
    header, buffers = pack_chunk(chunk)
    good = Frame(header, [bytearray(one) for one in buffers])
    assert unpack_chunk(good).fids == chunk.fids
    with pytest.raises(WireError):
        unpack_chunk(Frame({**header, **change}, good.buffers))
    for at in range(len(buffers)):
        torn = [bytearray(one) for one in buffers]
        torn[at] = torn[at][:-1]
        with pytest.raises(WireError):
            unpack_chunk(Frame(header, torn))
