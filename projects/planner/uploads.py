"""Files that a planner has sent and not yet imported: kept for a day, so that a mistake costs no second upload.

Each upload is a folder of its own below VAR_DIR/uploads, named by its owner; a sender's file name only labels a part.
"""

import json
import re
import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from layers.importing.archive import Part

KEPT_S = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAMES = "names.json"


def keep(user: User, files: Iterable["UploadedFile[bytes]"]) -> str:
    """Store the files of one data set and give the token that finds them again; forgets old ones."""
    _forget_old()
    token = uuid.uuid4().hex
    folder = _folder(user, token)
    folder.mkdir(parents=True)
    names = []
    for number, item in enumerate(files):
        with (folder / f"{number}.part").open("wb") as out:
            for chunk in item.chunks():
                out.write(chunk)
        names.append(str(item.name))
    (folder / _NAMES).write_text(json.dumps(names), encoding="utf-8")
    return token


def parts(user: User, token: str) -> list[Part]:
    """The files behind a token of this user; empty for any other, and for one that has been forgotten."""
    if not _TOKEN.fullmatch(token):
        return []
    folder = _folder(user, token)
    try:
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
    except OSError:
        return []
    return [Part(name=name, path=folder / f"{number}.part") for number, name in enumerate(names)]


def forget(user: User, token: str) -> None:
    """Remove an upload that has been imported."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(_folder(user, token), ignore_errors=True)


def _folder(user: User, token: str) -> Path:
    return _root() / f"{user.pk}-{token}"


def _root() -> Path:
    return Path(settings.VAR_DIR) / "uploads"


def _forget_old() -> None:
    now = time.time()
    for folder in _root().glob("*-*"):
        if now - folder.stat().st_mtime > KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)
