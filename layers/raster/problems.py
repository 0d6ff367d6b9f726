"""Why a picture is refused, or what is worth knowing of it: plain data that can leave another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SceneCode(StrEnum):
    """Stable, for programs."""

    NOT_A_PICTURE = "not_a_picture"
    WRONG_NAME = "wrong_name"
    SEVERAL_PICTURES = "several_pictures"
    DAMAGED = "damaged"
    FOREIGN_FILES = "foreign_files"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BANDS = "too_many_bands"
    BLOCKS_TOO_LARGE = "blocks_too_large"
    UNKNOWN_PIXELS = "unknown_pixels"
    NO_GEOREFERENCE = "no_georeference"
    CONTROL_POINTS = "control_points"
    BAD_WORLD_FILE = "bad_world_file"
    NO_PLACE = "no_place"
    OUTSIDE = "outside"
    NOT_OVER_SITE = "not_over_site"
    IMAGE_EMPTY = "image_empty"
    SIDECAR_IGNORED = "sidecar_ignored"
    NOT_CONVERTED = "not_converted"


SENTENCES: dict[SceneCode, Promise] = {
    SceneCode.NOT_A_PICTURE: _(
        "This is no picture that can be taken. Send a GeoTIFF, or a JPEG or PNG with its world file. Found: %(found)s"
    ),
    SceneCode.WRONG_NAME: _("The file is named %(suffix)s, but its content is %(found)s."),
    SceneCode.SEVERAL_PICTURES: _("Send one picture at a time. There are: %(names)s"),
    SceneCode.DAMAGED: _("The picture is damaged and cannot be read as a whole: %(reason)s"),
    SceneCode.FOREIGN_FILES: _(
        "The picture refers to other files or addresses (%(tag)s) and is refused. Save it anew as a plain GeoTIFF."
    ),
    SceneCode.TOO_MANY_PIXELS: _(
        "The picture has %(width)s × %(height)s pixels; at most %(limit)s million can be taken. Cut it into parts."
    ),
    SceneCode.TOO_MANY_BANDS: _("The picture has %(count)s bands; at most %(limit)s can be taken."),
    SceneCode.BLOCKS_TOO_LARGE: _(
        "The picture is stored in too large blocks to be read piece by piece. Save it anew with tiles."
    ),
    SceneCode.UNKNOWN_PIXELS: _("Pixels of the type %(dtype)s cannot be shown."),
    SceneCode.NO_GEOREFERENCE: _(
        "The picture does not say where on Earth it lies: it has no georeference and no world file came with it."
    ),
    SceneCode.CONTROL_POINTS: _(
        "The picture has control points but no grid. Rectify it first (georeferencing in QGIS), then send the result."
    ),
    SceneCode.BAD_WORLD_FILE: _("The world file %(name)s does not hold six numbers."),
    SceneCode.NO_PLACE: _("The place of the picture cannot be computed in %(crs)s."),
    SceneCode.OUTSIDE: _("The picture lies outside the city, around %(lon)s, %(lat)s (%(crs)s)."),
    SceneCode.NOT_OVER_SITE: _(
        "The picture does not show the site: it lies around %(lon)s, %(lat)s."
    ),
    SceneCode.IMAGE_EMPTY: _("The image is empty: no pixel of it has data."),
    SceneCode.SIDECAR_IGNORED: _("The file %(name)s was not read: it is not needed."),
    SceneCode.NOT_CONVERTED: _("The picture could not be converted."),
}


@dataclass(frozen=True, slots=True)
class SceneNote:
    """One thing to say; the sentence is made in the reader's language."""

    code: SceneCode
    params: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % dict(self.params)

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {"code": str(self.code), "params": dict(self.params)}

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> SceneNote:
        """Raises ValueError or KeyError for what ``plain`` did not make."""
        return cls(SceneCode(data["code"]), dict(data["params"]))


class SceneRefused(Exception):
    """The picture cannot become a scene; ``note`` says why."""

    def __init__(self, code: SceneCode, **params: Any) -> None:
        super().__init__(code, params)
        self.note = SceneNote(code, params)

    def __str__(self) -> str:
        return f"{self.note.code}: {dict(self.note.params)}"
