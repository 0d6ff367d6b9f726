"""Every error we can answer with, in one catalogue (RFC 9457, problem details for HTTP APIs).

Code raises a Problem; ``middleware.ProblemMiddleware`` turns it into a response. A client decides on
``type`` and never on ``detail``, so a slug keeps its meaning for ever: retired ones stay listed in a comment.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TYPE_PREFIX = "/problems/"


class Problem(Exception):
    """One kind of refusal. Subclasses give slug, status and title; an instance gives the detail.

    extra: further members of the body (``parameter``, ``current_revision``, ``problems`` …).
    """

    slug: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[str | Promise] = _("Something went wrong on our side")

    def __init__(self, detail: str | Promise = "", **extra: Any) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.extra = extra

    @property
    def type(self) -> str:
        return TYPE_PREFIX + self.slug

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that the answer carries besides its body."""
        return {}

    def body(self, instance: str) -> dict[str, Any]:
        """The problem+json members. instance: the path that was asked for."""
        return {
            "type": self.type,
            "title": str(self.title),
            "status": self.status,
            "detail": str(self.detail),
            "instance": instance,
            **self.extra,
        }


class InternalError(Problem):
    """An exception nobody expected; the traceback goes to the log, the request id to the user."""


class ParameterInvalid(Problem):
    """OGC API - Features Part 1, /req/core/query-param-invalid."""

    slug, status, title = "parameter-invalid", 400, _("A parameter of the address is not valid")


class ParameterUnknown(Problem):
    """OGC API - Features Part 1, /req/core/query-param-unknown."""

    slug, status, title = (
        "parameter-unknown",
        400,
        _("The address has a parameter that is not known"),
    )


class RequestInvalid(Problem):
    slug, status, title = "request-invalid", 400, _("The request could not be read")


class NotSignedIn(Problem):
    slug, status, title = "not-signed-in", 401, _("Please sign in")


class NotAllowed(Problem):
    slug, status, title = "not-allowed", 403, _("You may not do this")


class NotFound(Problem):
    """Also for what exists but may not be seen, so that existence is not told."""

    slug, status, title = "not-found", 404, _("There is nothing at this address")


class TileOutOfRange(Problem):
    """Not empty: the tile matrix set (WebMercatorQuad) has no such tile."""

    slug, status, title = "tile-out-of-range", 404, _("There is no such tile")


class TilesGone(Problem):
    """The layer has changed. tilejson: where the addresses of today's tiles are told."""

    slug, status, title = "tiles-gone", 410, _("These tiles are of a former state")


class MethodNotAllowed(Problem):
    slug, status, title = (
        "method-not-allowed",
        405,
        _("This address does not answer to that method"),
    )


class RevisionConflict(Problem):
    slug, status, title = "revision-conflict", 409, _("Somebody else changed this in the meantime")


class AlreadyDecided(Problem):
    """Somebody else in the office was quicker."""

    slug, status, title = "already-decided", 409, _("This has been decided already")


class CannotApply(Problem):
    """A tablet's record, even by the rights of the office; the detail says why."""

    slug, status, title = "cannot-apply", 409, _("The record cannot be applied")


class ImportBusy(Problem):
    """The job is in a state that does not lead there: somebody else was quicker, or it is over."""

    slug, status, title = "import-busy", 409, _("The import has moved on in the meantime")


class UndoExpired(Problem):
    """What an undo needs is kept for some months only."""

    slug, status, title = "undo-expired", 409, _("The import can no longer be undone")


class UploadOffset(Problem):
    """tus 1.0: the client's offset is not the server's. offset: where the server stands, in bytes."""

    slug, status, title = "upload-offset", 409, _("The upload stands at another place")


class UploadChecksum(Problem):
    """tus 1.0 has 460, which no registry knows. part: number of the file, which is to be sent again."""

    slug, status, title = "upload-checksum", 422, _("The file did not arrive as it was sent")


class QuotaExceeded(Problem):
    slug, status, title = "quota-exceeded", 413, _("Your uploads need too much room")


class TransitionRefused(Problem):
    slug, status, title = "transition-refused", 409, _("The workflow does not have this step")


class SceneRoleTaken(Problem):
    slug, status, title = "scene-role-taken", 409, _("The site has such a scene already")


class TooLarge(Problem):
    slug, status, title = "too-large", 413, _("The file is too large")


class RangeNotSatisfiable(Problem):
    """RFC 9110, section 15.5.17. size: bytes of the whole."""

    slug, status, title = "range-not-satisfiable", 416, _("The file has no such bytes")

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Range": f"bytes */{self.extra['size']}"}


class FormatUnsupported(Problem):
    slug, status, title = "format-unsupported", 415, _("This kind of file cannot be read")


class GeometryInvalid(Problem):
    slug, status, title = "geometry-invalid", 422, _("The geometry is not valid")


class AttributesInvalid(Problem):
    slug, status, title = "attributes-invalid", 422, _("Some values are not valid")


class StyleInvalid(Problem):
    """problems: a list of ``path`` (JSON pointer into the style) and ``detail``."""

    slug, status, title = "style-invalid", 422, _("The style is not valid")


class ImportRefused(Problem):
    slug, status, title = "import-refused", 422, _("The file was not imported")


class SceneUnreadable(Problem):
    slug, status, title = "scene-unreadable", 422, _("The image cannot be read")


class VegetationUnknown(Problem):
    """The scenes of a site are there, and cannot be compared."""

    slug, status, title = "vegetation-unknown", 422, _("The vegetation cannot be compared")


class NotReady(Problem):
    """failing: words for what does not work (database, migrations, media, disk)."""

    slug, status, title = "not-ready", 503, _("The service is not ready")


class StoreUnavailable(Problem):
    """The database cannot write just now. Nothing of the request is half done; it is to be sent again."""

    slug, status, title = "store-unavailable", 503, _("Nothing can be saved just now")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "15"}


class ReadingUnavailable(Problem):
    """Files from outside cannot be read just now: too many at once, or no quarantine. It is to be sent again."""

    slug, status, title = "reading-unavailable", 503, _("Files cannot be read just now")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "30"}


class StorageFull(Problem):
    """RFC 4918 section 11.5. What has arrived stays; sending can go on when there is room again."""

    slug, status, title = "storage-full", 507, _("The server has no room left")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "300"}


class ResyncNeeded(Problem):
    """What the device knows is of another life or another scope: fetch all anew, and keep what is not sent yet.

    reason: epoch (a backup was restored) or scope (other sites are assigned).
    """

    slug, status, title = "resync-needed", 410, _("Fetch everything anew")


class DeviceRevoked(Problem):
    """The tablet was taken out of use. What is unsent on it can still be saved to a file."""

    slug, status, title = "device-revoked", 401, _("This device was taken out of use")


class TilesNotReady(Problem):
    """retry_after: seconds."""

    slug, status, title = "tiles-not-ready", 503, _("These tiles are being made")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.extra["retry_after"])}


class TooManyRequests(Problem):
    """RFC 6585. retry_after: seconds until it makes sense to ask again, whole, at least one."""

    slug, status, title = "too-many-requests", 429, _("Too many requests in a short time")

    def __init__(self, detail: str | Promise = "", *, retry_after: int = 60, **extra: Any) -> None:
        super().__init__(detail, retry_after=max(1, retry_after), **extra)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.extra["retry_after"])}


class AccountLocked(TooManyRequests):
    slug, status, title = "account-locked", 429, _("This account is locked for a while")


def catalogue() -> dict[str, type[Problem]]:
    """Every concrete problem by slug, for the documentation pages and their test."""
    found: dict[str, type[Problem]] = {Problem.slug: InternalError}
    todo = list(Problem.__subclasses__())
    while todo:
        kind = todo.pop()
        found[kind.slug] = kind
        todo.extend(kind.__subclasses__())
    return dict(sorted(found.items()))
