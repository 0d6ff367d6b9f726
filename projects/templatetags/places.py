"""Filters for names in the reader's language and for figures in the trade's units."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_projects.geo.crs_names import crs_words
from gis_projects.geo.measure import m2_to_ha, m2_to_mu, m_to_km

register = template.Library()


@register.filter
def localized(thing: Any, field: str) -> str:
    """``site|localized:"name"``: the English field on an English page when it has one, else the Chinese."""
    if (get_language() or "").startswith("en"):
        english = getattr(thing, f"{field}_en", "")
        if english:
            return str(english)
    return str(getattr(thing, field, ""))


@register.filter
def crs(label: str) -> str:
    """A coordinate system as those say it who work with it here."""
    return crs_words(label)


@register.filter
def kilometres(metres: float | None) -> str:
    """A length in kilometres, to the metre below ten."""
    if metres is None:
        return ""
    km = m_to_km(metres)
    return _("%(value)s km") % {"value": grouped(km, 3 if km < 10 else 2)}


@register.filter
def mu(square_metres: float | None) -> str:
    """An area in mu, with hectares beside it."""
    if square_metres is None:
        return ""
    words = {"mu": grouped(m2_to_mu(square_metres), 1), "ha": grouped(m2_to_ha(square_metres), 2)}
    return _("%(mu)s mu (%(ha)s ha)") % words


@register.filter
def number(value: float | Decimal | int | None) -> str:
    """Thousands apart; at most three decimals, one from a thousand on; no needless zeros."""
    if value is None:
        return ""
    places = 3 if abs(float(value)) < 1000 else 1
    digits = len(f"{float(value):.{places}f}".rstrip("0").partition(".")[2])
    return grouped(value, digits)


def grouped(value: float | Decimal | int, digits: int) -> str:
    """With thousands apart and exactly ``digits`` decimals."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits))
    # Django's Chinese format groups by four or not at all; the trade writes 100,000 亩.
    return f"{rounded:,.{digits}f}"
