"""The checks of a site on a whole column: quick to say yes; a no is told by those that check one site."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import shapely

from gis_projects.columns import mapped
from projects import attributes, editing
from projects.models import City, Programme

Test = Callable[[Any], bool]

_NUMBERS = frozenset({"integer", "number"})
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
# Words of JSON Schema that a quick test knows; with any other one the validator itself is asked.
_TESTED = frozenset({"type", "enum", "minimum", "maximum", "maxLength"})
_SPOKEN = frozenset(
    {"title", "title_en", "unit", "unit_en", "public", "order", "enum_en", "description"}
)
_WHOLE = frozenset({"type", "properties", "required", "additionalProperties", "$schema"})
_KIND_TYPES = {"Point": (0, 4), "LineString": (1, 2, 5), "Polygon": (3, 6)}


class AttributeCheck:
    """One programme's schema, asked again and again."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._required = frozenset(schema.get("required", ()))
        properties = schema.get("properties", {})
        self._is_known = schema.keys() <= _WHOLE
        self._tests = {key: _test(spec) for key, spec in properties.items() if _is_known(spec)}

    def check(self, values: Mapping[str, Any]) -> None:
        """Raises AttributesInvalid naming each field, as projects.attributes.check does."""
        if not self.fits(values):
            attributes.check(self._schema, dict(values))

    def problems(self, values: dict[str, Any]) -> list[attributes.AttributeProblem]:
        """What projects.attributes.problems finds."""
        return [] if self.fits(values) else attributes.problems(self._schema, values)

    def fit(self, columns: Mapping[str, Sequence[Any]], count: int) -> np.ndarray:
        """``fits`` of each of ``count`` rows. columns: key to values; None where a row has none."""
        is_had = self._required <= columns.keys()
        found = np.full(count, self._is_known and is_had)
        for key, column in columns.items():
            passes = partial(_passes, self._tests.get(key), key in self._required)
            found &= np.fromiter(mapped(passes, column), bool, count)
        return found

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Whether the schema surely takes the values. False is no answer: the validator has the last word."""
        if not self._is_known or not self._required <= values.keys():
            return False
        for key, value in values.items():
            test = self._tests.get(key)
            if test is None or not test(value):
                return False
        return True


def _passes(test: Test | None, is_required: bool, value: Any) -> bool:
    if value is None:
        return not is_required
    return test is not None and test(value)


def _is_known(spec: dict[str, Any]) -> bool:
    kind = spec.get("type")
    return spec.keys() <= _TESTED | _SPOKEN and isinstance(kind, str) and kind in _TYPES


def _test(spec: dict[str, Any]) -> Test:
    """One value's test. Exact types: a truth value is no integer, and 1.0 is left to the validator."""
    types = frozenset(_TYPES[spec["type"]])
    if not spec.keys() & _TESTED - {"type"}:
        return lambda value: type(value) in types
    least, most = spec.get("minimum", -math.inf), spec.get("maximum", math.inf)
    if spec["type"] in _NUMBERS and not spec.keys() & {"enum", "maxLength"}:
        return lambda value: type(value) in types and least <= value <= most
    longest = spec.get("maxLength", math.inf)
    choices = spec.get("enum")
    if spec["type"] == "string" and not spec.keys() & {"minimum", "maximum"}:
        return lambda value: (
            type(value) in types and len(value) <= longest and (choices is None or value in choices)
        )
    return lambda value: False  # an odd mixture: the validator knows


def check_geometries(programme: Programme, geoms: Sequence[Any] | np.ndarray) -> np.ndarray:
    """The geometries in two dimensions, each fit for the programme.

    geoms: shapely, EPSG:4326 lon/lat. Raises GeometryInvalid for the first that editing.check_geometry refuses.
    """
    given = np.empty(len(geoms), dtype=object)
    given[:] = geoms
    flat: np.ndarray = shapely.force_2d(given)
    for at in np.flatnonzero(~_surely_good(programme, flat)).tolist():
        flat[at] = editing.check_geometry(programme, given[at])
    return flat


def _surely_good(programme: Programme, flat: np.ndarray) -> np.ndarray:
    wanted = [number for kind in programme.geometry_kinds for number in _KIND_TYPES[kind]]
    good: np.ndarray = np.isin(shapely.get_type_id(flat), wanted)
    good &= ~shapely.is_empty(flat) & shapely.is_valid(flat)
    city = City.objects.first()
    if city is not None:
        west, south, east, north = shapely.bounds(flat).T
        box = city.bbox
        with np.errstate(invalid="ignore"):
            good &= (west >= box.west) & (south >= box.south)
            good &= (east <= box.east) & (north <= box.north)
    coordinates, owners = shapely.get_coordinates(flat, return_index=True)
    good[owners[~np.isfinite(coordinates).all(axis=1)]] = False
    return good
