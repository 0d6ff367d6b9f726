"""What the bands of a scene are, as far as colours and indices need it."""

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
