"""Two addresses for whoever watches the server: is the process alive, and can it do its work.

Neither opens a session, sets a cookie or draws a page: they must answer when those cannot.
"""

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gis_projects.http.problems import NotReady
from gis_projects.http.readiness import points


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _plain("ok")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200, or 503 with the names of what fails; the reasons are for ``manage.py check_ready`` and the log."""
    failing = [point.name for point in points() if not point.passed]
    if not failing:
        return _plain("ready")
    problem = NotReady(failing=failing)
    response = HttpResponse(
        orjson.dumps(problem.body(request.path)),
        content_type="application/problem+json",
        status=problem.status,
    )
    response["Cache-Control"] = "no-store"
    return response


def _plain(word: str) -> HttpResponse:
    response = HttpResponse(word, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
