"""The tablets' addresses: JSON in, JSON out, problem+json for what refuses a whole request."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_projects.http import params, tus
from gis_projects.http.conditional import etag_of, not_modified
from gis_projects.http.problems import (
    ParameterInvalid,
    RequestInvalid,
    StoreUnavailable,
    TooLarge,
)
from projects.access import require_staff
from projects.models import Operation, PhotoState, PhotoUpload
from projects.sync import cursor, devices, operation, photos
from projects.sync import push as pushing
from projects.sync.changes import changes as changes_since
from projects.sync.devices import Told
from projects.sync.operation import Incoming
from projects.sync.reference import reference as reference_data

MAX_OPERATIONS = 100
MAX_BYTES = 1_000_000
MAX_ASKED = 1_000


def _storing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A database that is locked for too long, full or gone is a 503, after which a tablet asks again."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except OperationalError as error:
            raise StoreUnavailable() from error

    return inner


@require_safe
def hello(request: HttpRequest) -> HttpResponse:
    """Who is signed in, a fresh CSRF token, which life of the data this is, and what the server's clock says."""
    user = require_staff(request)
    return _json(
        {
            "user": {
                "id": user.pk,
                "username": user.username,
                "name": str(user),
                "role": user.role,
            },
            "csrf": get_token(request),
            "epoch": cursor.epoch(),
            "scope": cursor.scope_of(user),
            "time": timezone.now(),
            "schema": {"oldest": operation.SCHEMA_OLDEST, "newest": operation.SCHEMA_NEWEST},
            "limits": {"operations": MAX_OPERATIONS, "bytes": MAX_BYTES},
        }
    )


@require_POST
@_storing
def push(request: HttpRequest) -> HttpResponse:
    """Body: ``{"device": {"id", "name", "app", "unsent", "unsent_photos"}, "now", "ops": [{"body", "sha256"}]}``."""
    user = require_staff(request)
    found = _body(request)
    told = _told(found.get("device"))
    device = devices.seen(user, told, pushed=True)
    results = pushing.push(user, device, _incoming(found), offset_s=_offset_s(found))
    return _json({"epoch": cursor.epoch(), "time": timezone.now(), "results": results})


@require_safe
@_storing
def changes(request: HttpRequest) -> HttpResponse:
    """``?cursor=`` (none for everything) and ``?device=``."""
    user = require_staff(request)
    params.refuse_unknown(request, ["cursor", "device"])
    if request.GET.get("device"):
        devices.seen(user, Told(_uuid(request.GET["device"], "device")), pulled=True)
    return _json(changes_since(user, request.GET.get("cursor")))


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Programmes, workflows, districts: fetched again only when they changed."""
    require_staff(request)
    content = orjson.dumps(reference_data())
    etag = etag_of(content)
    if unchanged := not_modified(request, etag):
        return unchanged
    response = HttpResponse(content, content_type="application/json")
    response["ETag"] = etag
    return response


@require_http_methods(["HEAD", "PATCH"])
@_storing
def photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """HEAD tells how much is here; PATCH adds bytes exactly there (``Upload-Offset``)."""
    user = require_staff(request)
    upload = photos.get_upload(user, photo_id)
    if request.method == "HEAD":
        response = HttpResponse()
        here = photos.offset(upload)
    else:
        here = photos.append(upload, tus.offset_of(request), request)
        response = HttpResponse(status=204)
        upload.refresh_from_db(fields=["state"])
        if upload.state == PhotoState.VERIFIED:
            pushing.retry_held(user)  # a step may have waited for just this photograph
    tus.tell_offset(response, here)
    response["Upload-Length"] = str(upload.size_bytes)
    response["Upload-State"] = upload.state
    return response


@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Body: ``{"ops": [ids], "photos": [ids]}``: what became of each; one that never came here is not in the answer."""
    user = require_staff(request)
    found = _body(request)
    operations = Operation.objects.filter(author=user, operation__in=_ids(found, "ops"))
    uploads = PhotoUpload.objects.filter(author=user, pk__in=_ids(found, "photos"))
    return _json(
        {
            "ops": [pushing.answer(row) for row in operations],
            "photos": [
                {
                    "id": str(row.pk),
                    "state": row.state,
                    "code": row.code,
                    "offset": photos.offset(row),
                }
                for row in uploads
            ],
        }
    )


def _json(content: Any) -> HttpResponse:
    response = HttpResponse(orjson.dumps(content), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _body(request: HttpRequest) -> dict[str, Any]:
    """Raises TooLarge, RequestInvalid."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > MAX_BYTES:
        raise TooLarge()
    if len(request.body) > MAX_BYTES:
        raise TooLarge()
    try:
        found = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise RequestInvalid() from error
    if not isinstance(found, dict):
        raise RequestInvalid()
    return found


def _incoming(found: dict[str, Any]) -> list[Incoming]:
    given = found.get("ops")
    if not isinstance(given, list):
        raise RequestInvalid("ops")
    if len(given) > MAX_OPERATIONS:
        raise TooLarge()
    for one in given:
        known = isinstance(one, dict) and isinstance(one.get("body"), str)
        if not known or not isinstance(one.get("sha256"), str):
            raise RequestInvalid("ops")
    return [Incoming(one["body"], one["sha256"]) for one in given]


def _told(found: Any) -> Told:
    if not isinstance(found, dict):
        raise RequestInvalid("device")
    return Told(
        id=_uuid(found.get("id"), "device"),
        name=str(found.get("name") or ""),
        app_version=str(found.get("app") or ""),
        unsent=_count(found.get("unsent")),
        unsent_photos=_count(found.get("unsent_photos")),
    )


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**31 else None


def _uuid(value: Any, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise ParameterInvalid(parameter=name) from error


def _ids(found: dict[str, Any], name: str) -> list[uuid.UUID]:
    given = found.get(name, [])
    if not isinstance(given, list) or len(given) > MAX_ASKED:
        raise RequestInvalid(name)
    return [_uuid(one, name) for one in given]


def _offset_s(found: dict[str, Any]) -> float:
    """Seconds by which the tablet's clock is slow; 0 when it does not say what it shows."""
    now = operation.as_time(found.get("now"))
    return 0.0 if now is None else (timezone.now() - now.astimezone(dt.UTC)).total_seconds()
