"""What changed since a tablet last asked, a page at a time. Giving the same page twice does no harm."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from accounts.models import AuditEntry, User
from projects import trail
from projects.models import Operation, Site
from projects.sync import cursor, push
from projects.sync.cursor import Cursor
from projects.sync.documents import JsonDict, site_documents

SITES_A_PAGE = 200
ENTRIES_A_PAGE = 1_000


def changes(user: User, text: str | None) -> JsonDict:
    """The page after the cursor: ``{"cursor", "more", "sites", "gone", "operations"}``.

    text: None for a tablet that knows nothing. sites: whole documents, to be put in place of what is
    there; gone: ids to be forgotten, with no word about why. operations: the tablet's own on which somebody decided.
    Raises ParameterInvalid, ResyncNeeded.
    """
    at = cursor.begin(user) if not text else cursor.read(text, user)
    return _since(user, at) if at.after is None else _first(user, at, at.after)


def _first(user: User, at: Cursor, after: uuid.UUID) -> JsonDict:
    rows = Site.objects.editable_by(user).filter(pk__gt=after).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[: SITES_A_PAGE + 1])
    more = len(ids) > SITES_A_PAGE
    page = ids[:SITES_A_PAGE]
    following = replace(at, after=page[-1] if more else None)
    return _page(following, more, site_documents(user, page), [], [])


def _since(user: User, at: Cursor) -> JsonDict:
    head = cursor.head()
    rows = AuditEntry.objects.filter(
        sequence__gt=at.seq, sequence__lte=head, kind__in=(trail.SITE, trail.OPERATION)
    )
    entries = list(
        rows.order_by("sequence").values_list("sequence", "kind", "subject")[: ENTRIES_A_PAGE + 1]
    )
    more = len(entries) > ENTRIES_A_PAGE
    page = entries[:ENTRIES_A_PAGE]
    touched = {uuid.UUID(subject) for _seq, kind, subject in page if kind == trail.SITE}
    sites = site_documents(user, touched)
    gone = touched - {uuid.UUID(site["id"]) for site in sites}
    decided = [int(subject) for _seq, kind, subject in page if kind == trail.OPERATION]
    following = replace(at, seq=page[-1][0] if more else head)
    return _page(following, more, sites, gone, _operations(user, decided))


def _operations(user: User, ids: Iterable[int]) -> list[dict[str, Any]]:
    rows = Operation.objects.filter(pk__in=list(ids), author=user, operation__isnull=False)
    return [{**push.answer(row), "decision": row.decision} for row in rows]


def _page(
    at: Cursor,
    more: bool,
    sites: list[JsonDict],
    gone: Iterable[uuid.UUID],
    operations: list[dict[str, Any]],
) -> JsonDict:
    return {
        "cursor": str(at),
        "more": more,
        "sites": sites,
        "gone": sorted(map(str, gone)),
        "operations": operations,
    }
