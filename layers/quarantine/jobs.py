"""Which jobs there are: a fixed list of names, each with the function that a child runs for it.

The functions are named by path, so that this room knows nothing of those above it. A job takes a
``Work`` and returns what JSON can say (see ``values``), or raises ``JobRefused``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layers.quarantine.child import Work

Job = Callable[["Work"], Any]

JOBS = {
    "scene": "layers.raster.child:scene",
    "vectors": "layers.importing.child:vectors",
    "unpacked": "layers.importing.unpacking:unpacked",
    "sld": "layers.styles.sld.child:sld",
    "picture": "layers.pictures.child:picture",
    "selfcheck": "layers.quarantine.selfcheck:selfcheck",
}


def load(path: str) -> Job:
    """The function that a path names."""
    module, _colon, function = path.partition(":")
    job: Job = getattr(importlib.import_module(module), function)
    return job
