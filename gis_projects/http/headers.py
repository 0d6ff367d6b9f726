"""What every answer says of itself.

Permissions-Policy: the field page may use the camera and the position and keep the screen on, the log-in
passkeys; nothing here uses anything else.
Cache-Control: a page that was made for a member of staff is kept by no cache, not even the browser's.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SELF = ("camera", "geolocation", "publickey-credentials-get", "screen-wake-lock")
# Source: W3C Permissions Policy, the registry of policy-controlled features; of it what browsers know, since they
# complain in the console of the rest.
OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
POLICY = ", ".join([*(f"{name}=(self)" for name in SELF), *(f"{name}=()" for name in OFF)])


class PermissionsPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response


class StaffPagesMiddleware:
    """Stands inside the session's middleware. A view that says itself what may be kept is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response
