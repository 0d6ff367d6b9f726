"""Styles from outside, held to docs/styles.md: all of their mistakes at once, each with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gis_projects.http.problems import StyleInvalid
from layers.styles.expressions import check_filter, check_value, is_number
from layers.styles.words import (
    LAYER_KEYS,
    MAX_BYTES,
    MAX_LAYERS,
    MAX_TEXT,
    MAX_ZOOM,
    METADATA_KEYS,
    STYLE_KEYS,
    TYPES,
)

Style = dict[str, Any]
_VERSION = 8


def checked(style: Any) -> Style:
    """The style as it was given. Raises StyleInvalid with ``problems``, each a JSON pointer and a sentence."""
    found = mistakes(style)
    if found:
        listed = [{"path": at, "detail": sentence} for at, sentence in found]
        first_at, first = found[0]
        raise StyleInvalid(f"{first_at or '/'}: {first}", problems=listed)
    return style  # type: ignore[no-any-return]


def mistakes(style: Any) -> list[tuple[str, str]]:
    """What is wrong with it, as pairs of JSON pointer (RFC 6901) and sentence; nothing for a style that is right."""
    return _Check().run(style)


class _Check:
    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def run(self, style: Any) -> list[tuple[str, str]]:
        if not isinstance(style, dict):
            self._note("", _("A style is an object with “layers”."))
            return self.found
        if len(json.dumps(style, ensure_ascii=False).encode()) > MAX_BYTES:
            self._note(
                "", _("The style is too large: at most %(most)s kB.") % {"most": MAX_BYTES >> 10}
            )
            return self.found
        self._known(style, STYLE_KEYS, "")
        if style.get("version", _VERSION) != _VERSION:
            self._note("/version", _("The version is 8."))
        self._layers(style.get("layers"))
        return self.found

    def _note(self, at: str, sentence: str) -> None:
        self.found.append((at, sentence))

    def _known(self, value: Mapping[str, Any], known: Any, at: str) -> None:
        for key in value:
            if key not in known:
                words = {"word": str(key)[:40], "known": ", ".join(sorted(known))}
                sentence = _("“%(word)s” is not known here. Known: %(known)s") % words
                self._note(f"{at}/{_escaped(str(key))}", sentence)

    def _layers(self, layers: Any) -> None:
        if not isinstance(layers, list) or not 0 < len(layers) <= MAX_LAYERS:
            self._note("/layers", _("1 to %(most)s layers are needed here.") % {"most": MAX_LAYERS})
            return
        ids: set[str] = set()
        for index, layer in enumerate(layers):
            at = f"/layers/{index}"
            if not isinstance(layer, dict):
                self._note(at, _("A layer is an object."))
                continue
            self._layer(layer, at)
            identifier = layer.get("id")
            if identifier is not None and (not isinstance(identifier, str) or identifier in ids):
                self._note(f"{at}/id", _("A text that no other layer has is needed here."))
            ids.add(str(identifier))

    def _layer(self, layer: dict[str, Any], at: str) -> None:
        self._known(layer, LAYER_KEYS, at)
        self._zooms(layer, at)
        self._metadata(layer.get("metadata", {}), f"{at}/metadata")
        if "filter" in layer:
            check_filter(layer["filter"], f"{at}/filter", self._note)
        kind = TYPES.get(str(layer.get("type")))
        if kind is None:
            words = {"words": ", ".join(TYPES)}
            self._note(f"{at}/type", _("One of these is needed here: %(words)s") % words)
            return
        for part, known in (("paint", kind.paint), ("layout", kind.layout)):
            given = layer.get(part, {})
            if not isinstance(given, dict):
                self._note(f"{at}/{part}", _("An object of properties is needed here."))
                continue
            self._known(given, known, f"{at}/{part}")
            for name, value in given.items():
                if name in known:
                    check_value(value, known[name], f"{at}/{part}/{name}", self._note)

    def _zooms(self, layer: dict[str, Any], at: str) -> None:
        for name in ("minzoom", "maxzoom"):
            zoom = layer.get(name, 0)
            if not is_number(zoom) or not 0 <= zoom <= MAX_ZOOM:
                words = {"low": 0, "high": MAX_ZOOM}
                sentence = _("A number from %(low)s to %(high)s is needed here.") % words
                self._note(f"{at}/{name}", sentence)
                return
        if layer.get("minzoom", 0) >= layer.get("maxzoom", MAX_ZOOM + 1):
            self._note(f"{at}/maxzoom", _("“maxzoom” must be larger than “minzoom”."))

    def _metadata(self, metadata: Any, at: str) -> None:
        if not isinstance(metadata, dict):
            self._note(at, _("An object of properties is needed here."))
            return
        self._known(metadata, METADATA_KEYS, at)
        for name, value in metadata.items():
            if name == "legend":
                is_right = isinstance(value, bool)
            elif name in {"labels", "labels_en"}:
                is_right = isinstance(value, list) and all(_is_text(one) for one in value)
            else:
                is_right = _is_text(value)
            if not is_right:
                self._note(f"{at}/{_escaped(str(name))}", _("This is no value for it."))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT


def _escaped(key: str) -> str:
    return key[:40].replace("~", "~0").replace("/", "~1")
