"""Addresses of the app. Only the first asks who comes: the others are the same for everybody, so that a tablet whose
session has ended can still take a new version.
"""

import uuid
from dataclasses import asdict

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from projects.access import require_staff
from projects.field.app import files, shell
from projects.models import City, Site

WORKER = "js/field/worker.js"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For a browser that does not have the app yet; afterwards the worker answers here."""
    require_staff(request)
    return _fresh(shell.page(City.objects.first()), "text/html")


@require_safe
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """Where the code on a board leads: those who work here into the app, passers-by to the public page."""
    if not isinstance(request.user, User):
        if Site.objects.visible_to(request.user).filter(pk=site_id).exists():
            return redirect("site", site_id=site_id)
        require_staff(request)
    return redirect(f"{reverse('field-home')}#/sites/{site_id}")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _fresh(shell.page(City.objects.first()), "text/html")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps in front."""
    entries = [asdict(entry) for entry in shell.precache(request)]
    told = orjson.dumps({"entries": entries, "version": shell.version()}).decode()
    source = files.content(WORKER).decode()
    response = _fresh(f"self.FIELD = {told};\n{source}", "text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    content = orjson.dumps(shell.manifest(City.objects.first())).decode()
    return _fresh(content, "application/manifest+json")


def _fresh(content: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
