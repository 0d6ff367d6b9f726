"""Why a record waits and what can be done, in the reader's own language: the record keeps what its tablet was told."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.models import Operation

Words = str | Promise


@dataclass(frozen=True)
class Reason:
    """why: one sentence. advice: what the office can do about it."""

    why: Words
    advice: Words


_ASK = _("Ask the inspector; leave things as they are when it is settled another way.")
_ENTER = _(
    "It cannot be applied as it is. Enter by hand what is needed, then leave the record as it is."
)
_BROKEN = Reason(
    _("The record is damaged or does not come from our app."),
    _("Nothing can be done with it here. It is kept word for word."),
)
_REASONS: dict[str, Reason] = {
    "fields": Reason(
        _("While the tablet was without network, somebody else changed the same fields."),
        _("Choose for each field which value is to stand."),
    ),
    "site-gone": Reason(
        _("The site was removed while the tablet was without network."),
        _("Bring the site back with the record, or leave it removed."),
    ),
    "new-site": Reason(
        _("The inspector found something that is not on the map."),
        _("Look at the place, add what is missing, and register it."),
    ),
    "geom": Reason(
        _("The inspector drew the outline anew."),
        _("Compare the two on the map."),
    ),
    "not-allowed": Reason(
        _("Its author may not write this, or not any more: the site is not assigned to them."),
        _("If it is right, apply it by the rights of the office; its author stays its author."),
    ),
    "author-mismatch": Reason(
        _("It was written by one person and sent by another."),
        _("Ask both. It is kept, and nobody else can send it."),
    ),
    "value-invalid": Reason(_("A field has a value that it cannot have."), _ENTER),
    "field-unknown": Reason(_("It names a field that sites do not have."), _ENTER),
    "geometry-invalid": Reason(
        _("The geometry cannot be used: it is broken, or of the wrong kind."),
        _("Draw it anew on the site’s page, then leave the record as it is."),
    ),
    "attributes-invalid": Reason(_("Some attributes do not fit the programme’s form."), _ENTER),
    "transition-refused": Reason(
        _("The workflow does not have this step from the state in which the site is now."),
        _("Take the right step on the site’s page, then leave the record as it is."),
    ),
    "contradiction": Reason(
        _("Its values contradict one another, or what stands here: an end before its start, say."),
        _ENTER,
    ),
    "programme-unknown": Reason(_("It names a programme that does not exist."), _ASK),
    "id-taken": Reason(
        _("There is another thing of the same number already."),
        _("It is most likely here already. Look at the site before you decide."),
    ),
    "op-id-reuse": Reason(
        _("The same number was used for two different records. Both are kept."),
        _("Compare it with the site; enter by hand what is missing."),
    ),
    "too-large": Reason(_("A photograph is larger than what is taken."), _ASK),
    "format-unsupported": Reason(_("A photograph is in a form that cannot be read."), _ASK),
    "schema-unknown": Reason(
        _("It was written by another version of the app."),
        _("Update the app on that tablet, or enter by hand what is needed."),
    ),
    "hash-mismatch": _BROKEN,
    "unreadable": _BROKEN,
    "entity-unknown": _BROKEN,
}


def reason(row: Operation) -> Reason:
    """Of a code without a sentence here, what the tablet was told."""
    return _REASONS.get(row.code) or Reason(row.detail, _ASK)
