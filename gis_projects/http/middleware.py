"""The one place that turns a raised problem into a response, and the request id that names it in the log."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gis_projects.http.problems import InternalError, NotAllowed, NotFound, NotSignedIn, Problem

logger = logging.getLogger(__name__)
refusals = logging.getLogger("gis_projects.refusals")
REFUSALS = frozenset({401, 403, 429})
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id; the answer carries it, and so does every log line of a failure."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request_id(request)
        return response


class ProblemMiddleware:
    """Answer problem+json to programs and the same words as a page to people.

    An exception that is no Problem becomes a plain sentence with the request id: never a traceback.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        return answer(request, as_problem(request, exception))


def as_problem(request: HttpRequest, exception: Exception) -> Problem:
    if isinstance(exception, Problem):
        return exception
    if isinstance(exception, Http404):
        return NotFound()
    if isinstance(exception, PermissionDenied):
        return NotAllowed()
    failed = request_id(request)
    logger.error(
        "request %s failed", failed, exc_info=exception, extra={"fields": {"request_id": failed}}
    )
    return InternalError(request_id=request_id(request))


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    _note(request, problem)
    if isinstance(problem, NotSignedIn) and wants_page(request):
        return redirect_to_login(request.get_full_path())
    body = problem.body(request.path)
    if wants_page(request):
        response = _page(request, body)
    else:
        response = HttpResponse(
            orjson.dumps(body, default=str),
            content_type="application/problem+json",
            status=problem.status,
        )
    response["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response[name] = value
    return response


def _note(request: HttpRequest, problem: Problem) -> None:
    """Who may not, and who asks too often, is in the log: by the account's number and the request's, no name."""
    if problem.status not in REFUSALS:
        return
    match = request.resolver_match
    fields = {
        "refusal": problem.slug,
        "route": match.view_name if match else None,
        "account": getattr(getattr(request, "user", None), "pk", None),
        "request_id": request_id(request),
    }
    # Whoever is merely asked to sign in has done nothing odd yet.
    level = logging.INFO if problem.status == NotSignedIn.status else logging.WARNING
    refusals.log(level, "refused: %s", problem.slug, extra={"fields": fields})


def _page(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """The page shows the city's name; without a database the words alone must do."""
    status: int = body["status"]
    try:
        return render(request, "problem.html", {"problem": body}, status=status)
    except DatabaseError:
        words = f"{body['title']}\n{request_id(request)}\n"
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


def wants_page(request: HttpRequest) -> bool:
    """True for a browser's navigation: it names text/html, which fetch() and GIS clients do not."""
    return "text/html" in request.headers.get("Accept", "")


def request_id(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")
