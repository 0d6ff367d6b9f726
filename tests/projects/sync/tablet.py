"""A tablet without a screen: it writes operations and speaks to the server by HTTP."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User

Result = dict[str, Any]
OFFSET_TYPE = "application/offset+octet-stream"


def sha256(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()


@dataclass
class Tablet:
    user: User
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    seq: int = 0
    cursor: str | None = None
    sites: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(headers={"accept": "application/json"})
        self.client.force_login(self.user)

    def write(
        self,
        entity: str,
        changes: dict[str, Any],
        *,
        target: object = None,
        base_rev: int | None = None,
        depends_on: Sequence[str] = (),
        **others: Any,
    ) -> dict[str, str]:
        """An operation, frozen: its text and that text's hash."""
        self.seq += 1
        body = orjson.dumps(
            {
                "op_id": str(uuid.uuid4()),
                "device_id": str(self.device),
                "device_seq": self.seq,
                "author_id": self.user.pk,
                "schema_v": 1,
                "entity": entity,
                "id": str(target or uuid.uuid4()),
                "base_rev": base_rev,
                "changes": changes,
                "depends_on": list(depends_on),
                "client_time": timezone.now(),
                **others,
            }
        ).decode()
        return {"body": body, "sha256": sha256(body)}

    def post(self, name: str, body: Any) -> HttpResponse:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return self.client.post(  # type: ignore[no-any-return]
            f"/api/sync/{name}", content, content_type="application/json"
        )

    def push(self, *ops: dict[str, str], now: str | None = None) -> list[Result]:
        body = {
            "device": {"id": str(self.device), "name": "平板", "app": "1.0"},
            "now": now or timezone.now().isoformat(),
            "ops": list(ops),
        }
        response = self.post("push", body)
        assert response.status_code == 200, response.content
        results: list[Result] = orjson.loads(response.content)["results"]
        assert len(results) == len(ops)
        return results

    def push_one(self, op: dict[str, str]) -> Result:
        return self.push(op)[0]

    def pull(self) -> list[dict[str, Any]]:
        """All pages until nothing more is new; the documents are in ``sites`` afterwards."""
        pages = []
        while True:
            address = "/api/sync/changes" + (f"?cursor={self.cursor}" if self.cursor else "")
            response = self.client.get(address)
            assert response.status_code == 200, response.content
            page = orjson.loads(response.content)
            pages.append(page)
            for site in page["sites"]:
                self.sites[site["id"]] = site
            for gone in page["gone"]:
                self.sites.pop(gone, None)
            self.cursor = page["cursor"]
            if not page["more"]:
                return pages

    def offset(self, photo: str) -> int:
        response = self.client.head(f"/api/sync/photos/{photo}")
        assert response.status_code == 200
        return int(response["Upload-Offset"])

    def send(self, photo: str, data: bytes, at: int) -> HttpResponse:
        return self.client.patch(  # type: ignore[no-any-return]
            f"/api/sync/photos/{photo}",
            data,
            content_type=OFFSET_TYPE,
            headers={"upload-offset": str(at)},
            CONTENT_TYPE=OFFSET_TYPE,  # which the client leaves away when there are no bytes
        )


def op_id(op: dict[str, str]) -> str:
    return str(orjson.loads(op["body"])["op_id"])


def target(op: dict[str, str]) -> str:
    return str(orjson.loads(op["body"])["id"])
