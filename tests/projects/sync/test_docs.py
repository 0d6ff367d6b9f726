"""docs/sync.md says which test shows what: each that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_test_that_the_page_names_exists() -> None:
    page = (ROOT / "docs/sync.md").read_text()
    named = set(re.findall(r"`(test_\w+)`", page))
    files = [*(ROOT / "tests/projects/sync").glob("*.py"), *(ROOT / "tests/browser").rglob("*.py")]
    found = {name for path in files for name in re.findall(r"def (test_\w+)", path.read_text())}
    assert len(named) > 20
    assert named <= found
    for path in re.findall(r"`(tests/[\w/.]+)`", page):
        assert (ROOT / path).exists()
