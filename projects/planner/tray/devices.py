"""Which tablets there are, when they were last here, what waits on them; and taking one out of use."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.audit import Action, Event
from accounts.models import User
from gis_projects.http.params import whole_number
from gis_projects.http.problems import NotAllowed, NotFound
from projects.access import require_staff
from projects.models import Device, Operation, OperationState

PAGE_SIZE = 50


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    _administrator(request)
    held = Count("operations", filter=Q(operations__state=OperationState.HELD))
    tray = Count(
        "operations",
        filter=Q(operations__state__in=Operation.TRAY, operations__settled_at__isnull=True),
    )
    rows = (
        Device.objects.select_related("user")
        .annotate(held=held, tray=tray)
        .order_by("-last_seen", "pk")
    )
    number = whole_number(request, "page", 1, 1, 100_000)
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(number), "query": ""}
    return render(request, "planner/tray/devices.html", context)


@require_POST
def revoke(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Take it out of use, or back into it: ``revoked=0``."""
    user = _administrator(request)
    device = Device.objects.filter(pk=device_id).first()
    if device is None:
        raise NotFound()
    was = device.revoked_at is not None
    is_revoked = request.POST.get("revoked") != "0"
    if was != is_revoked:
        device.revoked_at = timezone.now() if is_revoked else None
        device.save(update_fields=["revoked_at"])
        changes = {"revoked": (was, is_revoked)}
        audit.record(Event(Action.UPDATED, "device", str(device.pk), str(device), changes, user))
    messages.success(
        request, _("The tablet is out of use.") if is_revoked else _("The tablet is in use again.")
    )
    return redirect("planner-devices")


def _administrator(request: HttpRequest) -> User:
    user = require_staff(request)
    if not user.is_administrator:
        raise NotAllowed()
    return user
