"""The child's side of an SLD."""

from typing import Any

from layers.quarantine.child import JobRefused, Work
from layers.styles.sld.notes import SldRefused
from layers.styles.sld.reading import read


def sld(work: Work) -> dict[str, Any]:
    """The job ``sld``: the style's layers, and pairs of element and rule for what they leave out."""
    try:
        found = read(work.files[0])
    except SldRefused as refused:
        raise JobRefused(refused.reason) from refused
    return {
        "layers": found.layers,
        "unsupported": [[one.element, one.rule] for one in found.unsupported],
    }
