"""docs/asvs.md is complete, says one of three things of each point, and cites only what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Requirements of levels 1 and 2 in each section of ASVS 5.0.0, numbered from 1 without gaps.
SECTIONS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (met|not met|n/a) \| ([^|]+) \|$")
CITED = re.compile(r"`(tests/[\w/.]+)(?:::(\w+))?`")
LINKED = re.compile(r"\]\(([\w.-]+\.md)\)")


def points() -> list[tuple[str, str, str]]:
    """Number, verdict and evidence of each line of the tables."""
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    found = []
    for row in rows:
        match = LINE.match(row)
        assert match, row
        found.append((match[1], match[4], match[5]))
    return found


def test_every_requirement_of_level_two_stands_once_and_in_order() -> None:
    wanted = [
        f"{chapter}.{section}.{number}"
        for chapter, counts in SECTIONS.items()
        for section, count in enumerate(counts, start=1)
        for number in range(1, count + 1)
    ]
    assert len(wanted) == 253
    assert [number for number, _verdict, _why in points()] == wanted


@pytest.mark.parametrize(("number", "verdict", "why"), points())
def test_what_is_cited_is_there(number: str, verdict: str, why: str) -> None:
    assert why.strip()
    for path, name in CITED.findall(why):
        assert (ROOT / path).exists(), path
        if name:
            assert re.search(rf"^ *def {name}\b", (ROOT / path).read_text("utf-8"), re.M), name
    for page in LINKED.findall(why):
        assert (ROOT / "docs" / page).is_file(), page


def test_the_security_page_leads_here() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert "(asvs.md)" in text and "(security-policy.md)" in text
