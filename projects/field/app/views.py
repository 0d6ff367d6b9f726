"""Addresses of the app. Only the first asks who comes: the others are the same for everybody, so that a tablet whose
session has ended can still take a new version.
"""

import uuid

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from gis_projects.http.problems import NotFound
from projects.access import require_staff
from projects.field.app import files, shell
from projects.models import City, Site

WORKER = "js/field/worker.js"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For a browser that does not have the app yet; afterwards the worker answers here."""
    require_staff(request)
    language = get_language() or settings.LANGUAGE_CODE
    return _fresh(shell.page(City.objects.first(), language), "text/html")


@require_safe
def site(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """Where the code on a board leads: those who work here into the app, passers-by to the public page."""
    if not isinstance(request.user, User):
        if Site.objects.visible_to(request.user).filter(pk=site_id).exists():
            return redirect("site", site_id=site_id)
        require_staff(request)
    return redirect(f"{reverse('field-home')}#/sites/{site_id}")


@require_safe
def page(request: HttpRequest, language: str) -> HttpResponse:
    return _fresh(shell.page(City.objects.first(), _known(language)), "text/html")


@require_safe
def words(request: HttpRequest, language: str) -> HttpResponse:
    """The sentences of the app's scripts. By an address of their own, so that a tablet may keep both languages."""
    return _fresh(shell.words(request, _known(language)).decode(), "text/javascript")


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise NotFound()
    return language


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps in front."""
    told = orjson.dumps(shell.precache(request)).decode()
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
