"""A GeoJSON file of the folder (RFC 7946): its features with their lines, every geometry checked."""

import json
import json.decoder
import json.scanner
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis_projects.geo import validity
from gis_projects.geo.bbox import BBox, covers_degrees
from projects.city.mistakes import Mistakes
from projects.city.text_file import read_text

# What older programs write for lon/lat in WGS 84; RFC 7946 itself knows no other CRS.
LON_LAT_NAMES = frozenset(
    {
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4326",
    }
)


@dataclass(frozen=True)
class FileFeature:
    """geometry: valid, 2-D, EPSG:4326 lon/lat, within sight of the city; None when the file has none."""

    line: int
    number: int
    properties: dict[str, Any]
    geometry: BaseGeometry | None


class _Object(dict[str, Any]):
    """A JSON object that knows where it begins."""

    position = 0


class _Decoder(json.JSONDecoder):
    """Python's own JSON decoder, asked to keep the place of each object."""

    def __init__(self) -> None:
        super().__init__(parse_constant=_refuse_constant)
        plain: Callable[..., Any] = json.decoder.JSONObject  # type: ignore[attr-defined]

        def with_position(start: tuple[str, int], *args: Any) -> tuple[_Object, int]:
            values, end = plain(start, *args)
            found = _Object(values)
            found.position = start[1]
            return found, end

        self.parse_object = with_position
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


def read_features(
    folder: Path,
    name: str,
    mistakes: Mistakes,
    *,
    bbox: BBox | None,
    kinds: Collection[str] = validity.KINDS,
) -> list[FileFeature]:
    """The features of a FeatureCollection. bbox: each geometry must at least touch it; None asks for nothing."""
    text = read_text(folder, name, mistakes)
    if text is None:
        return []
    collection = _parse(text, name, mistakes)
    if collection is None:
        return []
    reader = _Reader(name, text, mistakes, bbox, kinds)
    return list(reader.features(collection))


def _parse(text: str, name: str, mistakes: Mistakes) -> _Object | None:
    try:
        found = _Decoder().decode(text)
    except json.JSONDecodeError as error:
        words = {"reason": error.msg}
        mistakes.add(
            name, error.lineno, "file", _("The file is not valid JSON: %(reason)s.") % words
        )
        return None
    except (ValueError, RecursionError) as error:
        mistakes.add(
            name, 1, "file", _("The file is not valid JSON: %(reason)s.") % {"reason": error}
        )
        return None
    if not isinstance(found, _Object) or not isinstance(found.get("features"), list):
        mistakes.add(name, 1, "file", _("The file is not a GeoJSON FeatureCollection."))
        return None
    return found


@dataclass
class _Reader:
    name: str
    text: str
    mistakes: Mistakes
    bbox: BBox | None
    kinds: Collection[str]

    def features(self, collection: _Object) -> Iterator[FileFeature]:
        self._check_crs(collection)
        if not collection["features"]:
            self.mistakes.add(self.name, 1, "features", _("There is no feature in the file."))
        for number, item in enumerate(collection["features"], start=1):
            if not isinstance(item, _Object) or item.get("type") != "Feature":
                line = self._line(item) if isinstance(item, _Object) else 1
                self.mistakes.add(
                    self.name, line, f"features[{number}]", _("This is not a GeoJSON feature.")
                )
                continue
            properties = item.get("properties")
            plain = dict(properties) if isinstance(properties, dict) else {}
            line = self._line(item)
            yield FileFeature(
                line, number, plain, self._geometry(item.get("geometry"), line, number)
            )

    def _check_crs(self, collection: _Object) -> None:
        crs = collection.get("crs")
        if crs is None:
            return
        line = self._line(crs) if isinstance(crs, _Object) else 1
        inner = crs.get("properties") if isinstance(crs, dict) else None
        named = inner.get("name") if isinstance(inner, dict) else None
        if named not in LON_LAT_NAMES:
            words = {"crs": named or crs}
            self.mistakes.add(
                self.name,
                line,
                "crs",
                _("The file is in %(crs)s; WGS 84 lon/lat is needed.") % words,
            )

    def _geometry(self, plain: Any, line: int, number: int) -> BaseGeometry | None:
        if plain is None:
            return None
        geom, sentence = self._read(plain)
        if sentence:
            at = self._line(plain) if isinstance(plain, _Object) else line
            self.mistakes.add(self.name, at, f"features[{number}].geometry", sentence)
        return geom

    def _read(self, plain: Any) -> tuple[BaseGeometry | None, str]:
        """The geometry, or a sentence that says what is wrong with it."""
        try:
            geom = shapely.force_2d(shape(plain))
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
            return None, _("The geometry cannot be read.")
        sentence = self._refusal(geom)
        return (None, sentence) if sentence else (geom, "")

    def _refusal(self, geom: BaseGeometry) -> str:
        """Why the geometry cannot be taken; empty when it can."""
        if validity.is_empty(geom) or not validity.has_finite_coordinates(geom):
            return _("The geometry is empty or has coordinates that are not numbers.")
        if validity.kind_of(geom) not in self.kinds:
            words = {"kind": geom.geom_type, "kinds": ", ".join(self.kinds)}
            return _("A %(kind)s is not expected here; expected: %(kinds)s.") % words
        if not covers_degrees(geom):
            return _("The coordinates are not lon/lat degrees.")
        if self.bbox is not None and not self.bbox.to_polygon().intersects(geom.envelope):
            return _("The geometry lies outside the city.")
        invalid = validity.explain(geom)
        return (
            ""
            if invalid is None
            else _("The geometry is not valid: %(reason)s.") % {"reason": invalid}
        )

    def _line(self, item: _Object) -> int:
        return self.text.count("\n", 0, item.position) + 1
