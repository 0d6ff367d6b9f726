"""Filters for targets: the promise in short, and bars."""

from django import template
from django.utils.translation import gettext as _

from projects.models import Comparator, Target
from projects.rollup import StageFigure
from projects.templatetags.places import localized, number

register = template.Library()
SIGNS = {Comparator.EQ: "", Comparator.GE: "≥ ", Comparator.LE: "≤ "}


@register.filter
def promised(target: Target) -> str:
    """``≥ 100 km``; ``1 – 2``; a dash when the report gives no number."""
    if target.value is None:
        return "—"
    unit = localized(target, "unit")
    if target.comparator == Comparator.RANGE:
        return f"{number(target.value)} – {number(target.value_max)} {unit}"
    return f"{SIGNS.get(Comparator(target.comparator), '')}{number(target.value)} {unit}"


@register.filter
def bar(figure: StageFigure) -> str:
    """The stage's share of the promise on a bar of 100, for an SVG attribute."""
    return f"{min(figure.share or 0.0, 1.0) * 100:.2f}"


@register.filter
def percent(figure: StageFigure) -> str:
    """The share in whole per cent; below one as such, so that a beginning is not shown as nothing."""
    if figure.share is None:
        return ""
    if 0 < figure.share < 0.01:
        return _("below 1%")
    return f"{int(figure.share * 100)}%"
