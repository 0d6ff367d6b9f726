"""A site's board, to be printed: what it is, what was promised, and a code that opens it where it stands."""

import uuid

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_projects.http import params
from projects.access import get_site_for_edit, require_planner
from projects.public import site_page

# ISO/IEC 18004: a quarter of the symbol may be scratched or muddy, and four light modules stand around it.
_LEVEL = "q"
_QUIET_ZONE = 4


@require_safe
def board(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    params.refuse_unknown(request, set())
    site = get_site_for_edit(require_planner(request), site_id)
    address = request.build_absolute_uri(reverse("field-site", args=[site.pk]))
    targets = site_page.targets(site)
    context = {
        "site": site,
        "clause": targets[0].clause if targets else None,
        "address": address,
        "code": qr_code(address, _("Code that opens this site")),
    }
    return render(request, "planner/board.html", context)


def qr_code(address: str, title: str) -> SafeString:
    """The QR code of an address as an SVG element that fills its place."""
    symbol = segno.make(address, error=_LEVEL, micro=False)
    drawn = symbol.svg_inline(
        border=_QUIET_ZONE, omitsize=True, light="#fff", title=title, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # segno escapes the title, and the rest is numbers
