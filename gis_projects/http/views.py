"""Pages for errors that arise before a view is found, and the documentation of each problem type."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gis_projects.http.middleware import answer
from gis_projects.http.problems import (
    InternalError,
    NotAllowed,
    NotFound,
    Problem,
    RequestInvalid,
    catalogue,
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, RequestInvalid())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, InternalError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request,
        NotAllowed(
            gettext("The form had gone stale. Please go back, reload the page and send it again.")
        ),
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon of their own, such as the administration's."""
    return redirect(static("img/icon.svg"))


@require_safe
def problem_index(request: HttpRequest) -> HttpResponse:
    return render(request, "problem_catalogue.html", {"problems": catalogue().values()})


@require_safe
def problem_page(request: HttpRequest, slug: str) -> HttpResponse:
    kind: type[Problem] | None = catalogue().get(slug)
    if kind is None:
        raise NotFound()
    return render(request, "problem_catalogue.html", {"problems": [kind]})
