"""The child's side of a picture from outside. Runs in quarantine; ``remote`` is the other side."""

from typing import Any

from layers.quarantine.child import JobRefused, Work
from layers.raster.glance import Glance
from layers.raster.incoming import Upload, convert, inspect
from layers.raster.problems import SceneRefused

SCENE = "scene.tif"


def scene(work: Work) -> dict[str, Any]:
    """The job ``scene``: the header's facts, with a ``glance`` before them when it is asked for; or with a ``crs`` the
    scene, with progress on the way.
    """
    given = work.arguments
    upload = Upload(work.files[0], given["name"], given["world"], given["max_pixels"])
    try:
        if given["crs"] is None:
            return inspect(upload, (lambda seen: _show(work, seen)) if given["glance"] else None)
        return convert(
            upload,
            work.folder / SCENE,
            given["crs"],
            lossless=given["lossless"],
            tell=lambda share: work.send({"kind": "progress", "share": share}),
        )
    except SceneRefused as refused:
        raise JobRefused(refused.note.plain()) from refused


def _show(work: Work, seen: Glance) -> None:
    height, width = seen.rgba.shape[:2]
    work.send({"kind": "glance", "height": height, "width": width}, [seen.rgba.tobytes()])
