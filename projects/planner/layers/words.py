"""What the style editor calls things."""

from django.utils.translation import gettext_lazy as _

from layers.styles.classes import Method

METHODS = {
    Method.QUANTILE: _("Quantiles: as many features in each class"),
    Method.EQUAL: _("Equal intervals"),
    Method.NATURAL: _("Natural breaks"),
}
RAMP_NAMES = {
    "blues": _("Blues"),
    "greens": _("Greens"),
    "yellow-blue": _("Yellow to blue"),
    "yellow-brown": _("Yellow to brown"),
    "viridis": _("Yellow to violet"),
    "brown-teal": _("Brown to teal (two ways)"),
    "orange-purple": _("Orange to violet (two ways)"),
    "categories": _("Different colours"),
}
SLD_REASONS = {
    "xml": _("The file is no SLD that can be read."),
    "large": _("The SLD is too large: at most 2 MB and 400 symbols."),
    "raster": _("The SLD describes a picture, not features."),
    "empty": _("The SLD has no symbols."),
    "unavailable": _("Files cannot be read at the moment. Try again later."),
}
