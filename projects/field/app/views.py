"""Addresses of the app. Only the first asks who comes: the others are the same for everybody, so that a tablet whose
session has ended can still take a new version.
"""

from dataclasses import asdict

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.access import require_staff
from projects.field.app import files, shell
from projects.models import City

WORKER = "js/field/worker.js"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For a browser that does not have the app yet; afterwards the worker answers here."""
    require_staff(request)
    return _fresh(shell.page(City.objects.first()), "text/html")


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
