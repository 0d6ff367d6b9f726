"""What the pages call phases, decisions and steps."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.models import JobKind

PHASES = {
    "queued": _("waiting for a worker"),
    "reading": _("reading the file"),
    "checking": _("checking row by row"),
    "writing": _("writing the sites"),
    "undoing": _("taking back"),
    "converting": _("converting the picture"),
    "finishing": _("finishing"),
}
ENCODING_BY = {
    "override": _("as you chose"),
    "cpg": _("as the .cpg file says"),
    "ldid": _("as the table's language byte says"),
    "header": _("as the file says"),
    "ascii": _("plain letters and digits only"),
    "evidence": _("recognised by its content"),
    "guess": _("guessed; check the rows below"),
}
CRS_BY = {
    "chosen": _("as you chose"),
    "stated": _("as the file says"),
    "numbers": _("recognised by the coordinates"),
    "nothing": _("not known yet"),
}
STEPS: dict[str, list[tuple[str, Any]]] = {
    JobKind.DATA: [
        ("send", _("Send the file")),
        ("file", _("Look at it")),
        ("fields", _("Map the columns")),
        ("check", _("Check")),
        ("done", _("Imported")),
    ],
    JobKind.SCENE: [
        ("send", _("Send the file")),
        ("file", _("Look at it, and describe it")),
        ("done", _("Stored")),
    ],
}


def phase_name(phase: str) -> str:
    return str(PHASES.get(phase, phase))


def steps_up_to(current: str, kind: str) -> list[dict[str, object]]:
    """The steps for the page's head, with where the import stands."""
    steps = STEPS[kind]
    keys = [key for key, _name in steps]
    at = keys.index(current)
    return [
        {"name": name, "is_done": number < at, "is_current": number == at}
        for number, (_key, name) in enumerate(steps)
    ]
