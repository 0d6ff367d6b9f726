"""A tablet with its inspector: works without network, and keeps everything until it is told to let go."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from projects.models import Site
from tests.factories import picture
from tests.projects.sync.faults import Fault, Lost, through
from tests.projects.sync.tablet import Result, Tablet, op_id, sha256, target

CHUNK = 400
FINAL = frozenset({"applied", "merged", "duplicate", "conflict", "proposed", "quarantined"})


@dataclass
class Inspector:
    tablet: Tablet
    written: list[dict[str, str]] = field(default_factory=list)
    outbox: list[dict[str, str]] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    taken: dict[str, bytes] = field(default_factory=dict)
    visits: list[dict[str, str]] = field(default_factory=list)

    def visit(self, site: Site, note: str) -> None:
        op = self.tablet.write("inspection", {"site": [None, str(site.pk)], "note": [None, note]})
        self.visits.append(op)
        self._save(op)

    def correct(self, number: int, note: str) -> None:
        if not self.visits:
            return
        visit = self.visits[number % len(self.visits)]
        changes = {"inspection": [None, target(visit)], "note": [None, note]}
        self._save(self.tablet.write("correction", changes, depends_on=[op_id(visit)]))

    def change(self, site: Site, name: str, value: Any) -> None:
        """By what the tablet has fetched: without that the inspector does not see the site."""
        known = self.tablet.sites.get(str(site.pk))
        if known is None:
            return
        old = (
            known["progress"]
            if name == "progress"
            else known["attributes"].get(name.removeprefix("attributes."))
        )
        op = self.tablet.write(
            "site", {name: [old, value]}, target=site.pk, base_rev=known["revision"]
        )
        self._save(op)

    def photograph(self, site: Site, colour: int) -> None:
        data = picture((24, 24 + colour), f"#{colour:02x}44{colour:02x}")
        visit = [None, target(self.visits[-1])] if self.visits else [None, None]
        op = self.tablet.write(
            "photo",
            {
                "site": [None, str(site.pk)],
                "inspection": visit,
                "sha256": [None, sha256(data)],
                "size": [None, len(data)],
            },
        )
        self.blobs[target(op)] = self.taken[target(op)] = data
        self._save(op)

    def push(self, fault: Fault, dies_at: int, *, backwards: bool) -> None:
        batch = self.outbox[::-1] if backwards else self.outbox[:]
        if not batch:
            return
        try:
            results = through(fault, dies_at, lambda: self.tablet.push(*batch))
        except Lost:
            return
        for op, result in zip(batch, results, strict=True):
            if result["status"] in FINAL and result.get("first") != "held":
                self.results[op_id(op)] = result
                self.outbox.remove(op)

    def send(self, fault: Fault, dies_at: int, *, whole: bool) -> None:
        """Some of the oldest photograph that waits."""
        announced = [photo for photo in self.blobs if self._is_announced(photo)]
        if not announced:
            return
        photo = announced[0]
        data = self.blobs[photo]
        try:
            at = self.tablet.offset(photo)
            part = data[at:] if whole else data[at : at + CHUNK]
            response = through(fault, dies_at, lambda: self.tablet.send(photo, part, at))
        except Lost:
            return
        if response.status_code == 204 and response["Upload-State"] == "verified":
            del self.blobs[photo]

    def pull(self, fault: Fault) -> None:
        before = self.tablet.cursor, dict(self.tablet.sites)
        try:
            through(fault, 10**9, self.tablet.pull)
        except Lost:
            self.tablet.cursor, self.tablet.sites = (
                before  # a page is applied with its cursor or not at all
            )

    def heal(self) -> None:
        """The network is back: sync until nothing waits. Raises AssertionError when it never ends."""
        for _round in range(200):
            if not self.outbox and not self.blobs:
                break
            self.push(Fault.NONE, 0, backwards=False)
            self.send(Fault.NONE, 0, whole=True)
        assert not self.blobs
        assert not self.outbox
        self.pull(Fault.NONE)

    def _is_announced(self, photo: str) -> bool:
        ours = [op for op in self.written if target(op) == photo]
        return op_id(ours[0]) in self.results

    def _save(self, op: dict[str, str]) -> None:
        assert orjson.loads(op["body"])
        self.written.append(op)
        self.outbox.append(op)
