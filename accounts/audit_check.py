"""The chain read from its first entry: where it was altered, broken, or cut."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.audit_entry import FIRST_PREVIOUS, AuditEntry

_CHUNK = 2_000


@dataclass(frozen=True)
class Head:
    """The last entry of a chain; a head that was written down elsewhere is an anchor. Sequence 0: no entry yet."""

    sequence: int
    hash: str


class Tampered(Exception):
    """The chain is not what was written. sequence: of the first entry at fault; the message says why."""

    def __init__(self, sequence: int, sentence: str) -> None:
        super().__init__(sentence)
        self.sequence = sequence


def verify(since: Head | None = None) -> Head:
    """The head of an intact chain. Raises Tampered at the first fault.

    since: an earlier head, which has to be in the chain still. A chain that lost its end is intact in itself: only
    an anchor tells. The same goes for one that somebody wrote anew from some entry on.
    """
    head = Head(0, FIRST_PREVIOUS)
    _refuse_other(since, head)
    try:
        for entry in AuditEntry.objects.order_by("sequence").iterator(_CHUNK):
            _check(entry, head)
            head = Head(entry.sequence, entry.hash)
            _refuse_other(since, head)
    except (AttributeError, TypeError, ValueError) as error:
        # SQLite takes a value of any type into any column: such a one cannot even be read.
        raise _altered(head.sequence + 1) from error
    if since is not None and since.sequence > head.sequence:
        words = {"last": head.sequence, "number": since.sequence}
        raise Tampered(
            head.sequence + 1,
            _("The chain ends at %(last)s: the entries up to %(number)s are gone.") % words,
        )
    return head


def _altered(number: int) -> Tampered:
    return Tampered(number, _("Entry %(number)s was altered.") % {"number": number})


def _check(entry: AuditEntry, head: Head) -> None:
    """Raises Tampered when the entry does not go on from the head."""
    words = {"number": entry.sequence, "expected": head.sequence + 1}
    if entry.sequence <= head.sequence:
        raise Tampered(entry.sequence, _("Entry %(number)s: the chain forks here.") % words)
    if entry.sequence != head.sequence + 1:
        raise Tampered(
            head.sequence + 1,
            _("Entry %(expected)s is missing; %(number)s comes next.") % words,
        )
    if entry.sealed() != entry.hash:
        raise _altered(entry.sequence)
    if entry.previous != head.hash:
        raise Tampered(
            entry.sequence,
            _("Entry %(number)s does not go on from the one before it.") % words,
        )


def _refuse_other(since: Head | None, here: Head) -> None:
    if since is not None and since.sequence == here.sequence and since.hash != here.hash:
        raise Tampered(
            here.sequence,
            _("Entry %(number)s is another than the one that was written down.")
            % {"number": here.sequence},
        )
