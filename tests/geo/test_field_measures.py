"""The field app reckons with a library of its own: both are held to the same figures."""

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Polygon, shape

from gis_projects.geo import measure

CASES = json.loads((Path(__file__).parents[1] / "js/field/measures.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_the_tablet_must_show_is_what_is_measured_here(case: dict[str, Any]) -> None:
    geom = shape(case["geometry"])
    outer = Polygon(geom.exterior) if geom.geom_type == "Polygon" else geom
    length = measure.length_m(outer) + measure.perimeter_m(outer)
    assert length == pytest.approx(case["length_m"], rel=1e-12)
    assert measure.area_m2(geom) == pytest.approx(case["area_m2"], rel=1e-12)
