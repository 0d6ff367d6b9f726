"""Operations come in: each exactly once, each in a transaction of its own, none thrown away.

The ledger row, the effect and the audit entries are one transaction. Whoever sends an operation again is given what was
decided the first time. What cannot be applied is kept for the office and harms none of its neighbours.
"""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from gis_projects.http.problems import Problem
from gis_projects.write_turns import write_turn
from projects.models import Device, Operation, OperationState
from projects.sync import operation, photos, site_changes, visits
from projects.sync.context import Outcome, Work
from projects.sync.operation import Incoming, Op, Refused

REUSED = "op-id-reuse"
_HANDLERS: dict[str, Callable[[Work], Outcome]] = {
    "inspection": visits.inspection,
    "correction": visits.correction,
    "track": visits.track,
    "photo": photos.announce,
    "site": site_changes.change,
    "proposal": site_changes.propose,
}
_ATTEMPTS = 3
# A turn that changes hands costs some milliseconds; so many operations take about a tenth of a second.
_AT_A_TURN = 10
Result = dict[str, Any]


def push(
    user: User, device: Device, incoming: Sequence[Incoming], *, offset_s: float
) -> list[Result]:
    """Take operations in the order in which they stand; one result for each, beside them.

    offset_s: seconds that the tablet's clock is slow by. Raises OperationalError when the database cannot write: then
    what was decided before stands, and the rest is to be sent again.
    """
    taking = _Taking(user, device, offset_s)
    results: list[Result] = []
    for start in range(0, len(incoming), _AT_A_TURN):
        with write_turn():
            results += [taking.take(one) for one in incoming[start : start + _AT_A_TURN]]
    retry_held(user)
    return results


def retry_held(user: User) -> None:
    """Apply what waited for something that has come since, until nothing more moves."""
    while any([_retry(pk) for pk in _held(user)]):
        pass


class _Taking:
    """Takes one operation after the other; whoever asks it to holds the turn to write."""

    def __init__(self, user: User, device: Device, offset_s: float) -> None:
        self.user, self.device, self.offset_s = user, device, offset_s

    def take(self, incoming: Incoming) -> Result:
        for _attempt in range(_ATTEMPTS):
            try:
                return self._once(incoming)
            except IntegrityError:
                continue  # the same record came by another request at the same moment
        return {"op_id": str(operation.named_id(incoming.body) or ""), "status": "retry"}

    def _once(self, incoming: Incoming) -> Result:
        try:
            op = operation.read(incoming)
            _check_author(op, self.user)
        except Refused as refusal:
            return self._stray(incoming, refusal)
        known = Operation.objects.filter(operation=op.id).exclude(code=REUSED).first()
        if known is not None:
            return self._again(incoming, known)
        try:
            return self._new(incoming, op)
        except Refused as refusal:
            return self._refused(incoming, op, refusal)
        except Problem as problem:
            return self._refused(
                incoming, op, Refused(problem.slug, problem.detail or problem.title)
            )
        except (IntegrityError, DataError) as error:
            if Operation.objects.filter(operation=op.id).exclude(code=REUSED).exists():
                raise IntegrityError from error
            words = _("The database refuses this record: it contradicts what is there.")
            return self._refused(incoming, op, Refused("contradiction", words))

    def _new(self, incoming: Incoming, op: Op) -> Result:
        with transaction.atomic(), audit.gathered():
            row = self._write(incoming, op, Outcome(OperationState.HELD))
            _settle(row, apply(Work(op, row, self.user, self.offset_s)))
        return answer(row)

    def _refused(self, incoming: Incoming, op: Op, refusal: Refused) -> Result:
        outcome = Outcome(OperationState.QUARANTINED, refusal.code, refusal.detail)
        with transaction.atomic():
            row = self._write(incoming, op, outcome)
        return answer(row)

    def _again(self, incoming: Incoming, known: Operation) -> Result:
        """The stored answer; but not to somebody else, nor for another text under the same number."""
        if known.author_id != self.user.pk or known.sha256 != incoming.sha256:
            words = _("Another record has this number already. Both are kept.")
            return self._stray(incoming, Refused(REUSED, words))
        return {**answer(known), "status": "duplicate", "first": known.state}

    def _stray(self, incoming: Incoming, refusal: Refused) -> Result:
        """A text that cannot stand under a number of its own: kept by its hash."""
        named = operation.named_id(incoming.body)
        row = Operation.objects.filter(
            _stray_rule(refusal), sha256=_digest(incoming), author=self.user
        ).first()
        if row is None:
            with transaction.atomic():
                row = Operation.objects.create(
                    operation=named if refusal.code == REUSED else None,
                    author=self.user,
                    device=self.device,
                    body=_storable(incoming.body),
                    sha256=_digest(incoming),
                    clock_offset_s=self.offset_s,
                    state=OperationState.QUARANTINED,
                    code=refusal.code,
                    detail=refusal.detail,
                )
        return {**answer(row), "op_id": str(named or "")}

    def _write(self, incoming: Incoming, op: Op, outcome: Outcome) -> Operation:
        site = op.target if op.entity == "site" else _uuid_or_none(op.new("site"))
        return Operation.objects.create(
            operation=op.id,
            author=self.user,
            device=self.device,
            device_seq=op.device_seq,
            entity=op.entity,
            target=op.target,
            site=site,
            body=incoming.body,
            sha256=incoming.sha256,
            depends_on=[str(one) for one in op.depends_on],
            client_time=op.client_time,
            clock_offset_s=self.offset_s,
            state=outcome.state,
            code=outcome.code,
            detail=outcome.detail,
            result=outcome.result,
        )


def apply(work: Work) -> Outcome:
    """The effect of one operation, inside the caller's transaction.

    Raises Refused, and the Problems of the writers; whoever catches them must have rolled back.
    """
    handler = _HANDLERS.get(work.op.entity)
    if handler is None:
        raise Refused("entity-unknown", _("This kind of record is not known."))
    if _missing(work.op, work.user):
        return Outcome(
            OperationState.HELD, "dependency", _("A record that this one builds on is not applied.")
        )
    return handler(work)


def answer(row: Operation) -> Result:
    """What the tablet is told of an operation, the first time and each time after."""
    return {
        "op_id": "" if row.operation is None else str(row.operation),
        "status": row.state,
        "code": row.code,
        "detail": row.detail,
        **row.result,
    }


def _retry(pk: int) -> bool:
    """Whether the held operation could be decided now."""
    try:
        with write_turn(), transaction.atomic(), audit.gathered():
            row = (
                Operation.objects.select_for_update(of=("self",))
                .select_related("author")
                .get(pk=pk)
            )
            if row.state != OperationState.HELD:
                return False
            op = operation.read(Incoming(row.body, row.sha256))
            outcome = apply(Work(op, row, row.author, row.clock_offset_s or 0.0))
            if outcome.state == OperationState.HELD:
                return False
            _settle(row, outcome)
    except Refused as refusal:
        _quarantine(pk, refusal.code, refusal.detail)
    except Problem as problem:
        _quarantine(pk, problem.slug, str(problem.detail or problem.title))
    return True


def _quarantine(pk: int, code: str, detail: str) -> None:
    Operation.objects.filter(pk=pk, state=OperationState.HELD).update(
        state=OperationState.QUARANTINED, code=code, detail=detail
    )


def _held(user: User) -> list[int]:
    rows = Operation.objects.filter(author=user, state=OperationState.HELD).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _settle(row: Operation, outcome: Outcome) -> None:
    row.state, row.code, row.detail = outcome.state, outcome.code, outcome.detail
    row.result = outcome.result
    if outcome.state in Operation.SETTLED:
        row.settled_at = timezone.now()
    row.save(update_fields=["state", "code", "detail", "result", "settled_at"])


def _missing(op: Op, user: User) -> bool:
    """Whether something that the operation builds on is not here, waits itself, or was refused."""
    wanted = set(op.depends_on)
    if not wanted:
        return False
    if op.id in wanted:
        raise Refused("unreadable", _("The record depends on itself."))
    stuck = (OperationState.HELD, OperationState.QUARANTINED)
    rows = Operation.objects.filter(operation__in=wanted, author=user).exclude(state__in=stuck)
    return len(set(rows.values_list("operation", flat=True))) < len(wanted)


def _check_author(op: Op, user: User) -> None:
    if op.author_id != user.pk:
        raise Refused("author-mismatch", _("The record was written by somebody else."))


def _stray_rule(refusal: Refused) -> Q:
    return Q(code=REUSED) if refusal.code == REUSED else Q(operation__isnull=True)


def _digest(incoming: Incoming) -> str:
    """Of the text as it is here: what the tablet says may be what is wrong."""
    return hashlib.sha256(incoming.body.encode("utf-8", "surrogatepass")).hexdigest()


def _storable(body: str) -> str:
    return body.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")


def _uuid_or_none(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None
