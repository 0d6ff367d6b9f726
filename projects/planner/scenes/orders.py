"""The orders that a scene's bands may be in, as a choice."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from layers.band_roles import ROLES

# The usual orders of aerial and satellite pictures, by the number of bands.
ORDERS: dict[int, list[tuple[str, ...]]] = {
    3: [("red", "green", "blue"), ("nir", "red", "green")],
    4: [("red", "green", "blue", "nir"), ("blue", "green", "red", "nir")],
    5: [
        ("blue", "green", "red", "red_edge", "nir"),
        ("blue", "green", "red", "nir", "red_edge"),
    ],
}


def order_field() -> forms.TypedChoiceField:
    """Its value is a list of roles; None for not known."""
    return forms.TypedChoiceField(
        label=_("Its bands are, in order"),
        required=False,
        coerce=lambda text: text.split(","),
        empty_value=None,
        help_text=_("Vegetation is compared where red and near infrared are known."),
    )


def offer(form: forms.Form, band_count: int, further: Iterable[Sequence[str] | None]) -> None:
    """Fill the field ``band_roles``, or take it away where nothing is to choose. further: orders of this scene."""
    orders = list(ORDERS.get(band_count, ()))
    orders += [tuple(one) for one in further if one and tuple(one) not in orders]
    if not orders:
        del form.fields["band_roles"]
        return
    choices = [("", _("not known: shown as the file says")), *map(_choice, orders)]
    form.fields["band_roles"].choices = choices  # type: ignore[attr-defined]


def as_text(roles: Sequence[str] | None) -> str:
    """As the field has it."""
    return ",".join(roles or ())


def _choice(order: Sequence[str]) -> tuple[str, str]:
    return as_text(order), " · ".join(f"{n} {ROLES[role]}" for n, role in enumerate(order, 1))
