"""A file of the folder as text, with a sentence when there is none."""

from pathlib import Path

from django.utils.translation import gettext as _

from projects.city.mistakes import Mistakes


def read_text(folder: Path, name: str, mistakes: Mistakes) -> str | None:
    """The file's text (UTF-8, with or without a byte-order mark); None, with a mistake, when it cannot be read."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        mistakes.add(name, 1, "file", _("The file lies outside the folder."))
        return None
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        mistakes.add(name, 1, "file", _("The file is missing."))
        return None
    except OSError as error:
        words = {"reason": error.strerror or error}
        mistakes.add(name, 1, "file", _("The file cannot be read: %(reason)s.") % words)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        mistakes.add(name, line, "file", _("The text is not UTF-8. Save the file as UTF-8."))
        return None
