"""What the bands of a scene are, as far as colours and indices need it."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# "other" stands for a band that has none of these meanings.
ROLES: dict[str, Promise] = {
    "red": _("red"),
    "green": _("green"),
    "blue": _("blue"),
    "nir": _("near infrared"),
    "red_edge": _("red edge"),
    "swir": _("short-wave infrared"),
    "other": _("another band"),
}


def band_roles_known(value: Any) -> None:
    """A list with a role for each band, none but ``other`` twice. Raises ValidationError."""
    if value is None:
        return
    known = isinstance(value, list) and all(role in ROLES for role in value)
    named = [role for role in value if role != "other"] if known else []
    if not known or not value or len(set(named)) != len(named):
        raise ValidationError(
            _("List what each band is, each once: %(known)s."),
            params={"known": ", ".join(ROLES)},
        )


# How files call their bands, in words; numbers such as B4 mean another colour with every satellite.
_CALLED = [
    ("red_edge", r"red.?edge|\bvre\b|红边"),
    ("nir", r"\bnir|near.?infra|近红外"),
    ("swir", r"\bswir|short.?wave|短波红外"),
    ("red", r"\bred\b|红"),
    ("green", r"\bgreen\b|绿"),
    ("blue", r"\bblue\b|蓝"),
]


def suggested(names: Sequence[str]) -> list[str] | None:
    """A role for each band by what the file calls it, for a person to confirm; None where that tells nothing."""
    found = [
        next((role for role, called in _CALLED if re.search(called, name, re.I)), "other")
        for name in (name.replace("_", " ") for name in names)
    ]
    named = [role for role in found if role != "other"]
    return found if named and len(set(named)) == len(named) else None
