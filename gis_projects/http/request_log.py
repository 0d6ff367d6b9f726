"""One line in the log for each request.

It names the route, never the address that was typed: no query strings, no user names, no codes of sites.
"""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from gis_projects.http.middleware import request_id

logger = logging.getLogger("gis_projects.request")


class RequestLogMiddleware:
    """Stands next to the outside, behind the request id alone, so that its time is nearly the server's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        fields = {
            "method": request.method,
            "route": match.view_name if match else None,
            "status": response.status_code,
            "ms": round(1000 * (time.perf_counter() - began), 1),
            "request_id": request_id(request),
        }
        logger.info("request", extra={"fields": fields})
        return response
