"""Refuse catalogues that are incomplete, doubtful, or behind the source.

Every msgid in the templates, Python and JavaScript must have its Chinese. Exit code 1 and a list otherwise.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = Path("locale/zh_Hans/LC_MESSAGES")
IGNORED = [".venv", "var", "node_modules", "static/js/vendor/*", "static/leaflet/*", "tests/*"]
ROOMS = [
    "gis_projects",
    "accounts",
    "layers",
    "projects",
    "templates",
    "static",
    "locale",
    "manage.py",
]


def problems(domain: str, folder: Path) -> list[str]:
    """Sentences about one catalogue, after the source was read afresh in ``folder``."""
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "-d", domain, "-v0"]
    for pattern in IGNORED:
        command += ["-i", pattern]
    subprocess.run([*command, "--no-location", "--no-wrap"], cwd=folder, check=True)
    path = folder / LOCALE / f"{domain}.po"
    subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", str(path)], check=True)
    return [
        f"{domain}: no translation of {entry.msgid!r}"
        for entry in polib.pofile(str(path))
        if not entry.obsolete and (entry.fuzzy or not entry.translated())
    ]


def main() -> int:
    """Work on a copy: a check changes no file of the tree."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for room in ROOMS:
            source = ROOT / room
            if source.is_dir():
                shutil.copytree(source, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, folder / room)
        found = problems("django", folder) + problems("djangojs", folder)
    print(*found, sep="\n")
    print(f"{len(found)} missing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
