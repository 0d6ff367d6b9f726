"""Datasets to files: columns from the programme's fields, coordinates in the bureau's CRS."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml

from gis_projects.geo.crs import transform_array
from projects.demo.shapes import shapefile
from projects.demo.shapes.dataset import Dataset
from projects.demo.shapes.ground import Ground
from projects.demo.shapes.prj import PRJ
from projects.demo.shapes.shapefile import Column, Table
from projects.importing import ATTRIBUTE, suggest_mapping
from projects.models import Programme

SAVED_ON = (2022, 11, 15)
_GEOGRAPHIC = {4326, 4490}
# Coordinates are kept to a millimetre, or a hundred-millionth of a degree: so they come out the same everywhere.
_DECIMALS_M, _DECIMALS_DEGREES = 3, 8
_PLAIN = {"code": "项目编号", "name": "项目名称", "district": "县区"}
_PLAIN_SHORT = {
    "code": "编号",
    "name": "名称",
    "district": "县区",
}  # three characters of UTF-8 make nine bytes
_WIDTH = {"integer": (10, 0), "number": (14, 3)}

Field = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A dataset as it was written. mapping: column to field, None when the importer finds it by itself."""

    dataset: Dataset
    columns: list[str]
    mapping: dict[str, str] | None


def fields_of(programmes_file: Path) -> dict[str, dict[str, Field]]:
    """Each programme's fields by their keys, from the city folder's programmes.yaml."""
    document = yaml.safe_load(programmes_file.read_text("utf-8"))
    return {
        one["key"]: {item["key"]: item for item in one["fields"]} for one in document["programmes"]
    }


def write(dataset: Dataset, fields: Mapping[str, Field], ground: Ground, folder: Path) -> Written:
    """Write one shapefile. Raises KeyError for an attribute that the programme does not have."""
    keys = _keys(dataset, fields)
    names = _names(dataset, fields, keys)
    rows = [[_value(site, key, ground) for key in keys] for site in dataset.sites]
    columns = [
        _column(names[key], fields.get(key), [row[at] for row in rows], dataset)
        for at, key in enumerate(keys)
    ]
    table = Table(columns, rows, dataset.encoding, dataset.ldid, SAVED_ON)
    prj = PRJ[dataset.srid] if dataset.has_prj else None
    shapefile.write(folder, dataset.stem, _projected(dataset), table, prj, dataset.cpg)
    wanted = {names[key]: key if key in _PLAIN else ATTRIBUTE + key for key in keys}
    return Written(
        dataset, list(names.values()), None if _suggested(fields, wanted) == wanted else wanted
    )


def _keys(dataset: Dataset, fields: Mapping[str, Field]) -> list[str]:
    """Plain fields, then attributes that some site has, in the order of the programme's form."""
    present = {key for site in dataset.sites for key in site.attributes}
    if present - set(fields):
        raise KeyError(f"{dataset.stem}: {', '.join(sorted(present - set(fields)))}")
    return [*_PLAIN, *(key for key in fields if key in present)]


def _names(dataset: Dataset, fields: Mapping[str, Field], keys: list[str]) -> dict[str, str]:
    """Names of at most ten bytes; what a cut makes equal is numbered."""
    plain = _PLAIN_SHORT if dataset.encoding == "utf-8" else _PLAIN
    names: dict[str, str] = {}
    for key in keys:
        title = dataset.names.get(key) or plain.get(key) or str(fields[key]["title"])
        name, twin = _cut(title, dataset.encoding, 0), 1
        while name in names.values():
            twin += 1
            name = _cut(title, dataset.encoding, len(str(twin))) + str(twin)
        names[key] = name
    return names


def _cut(title: str, encoding: str, room: int) -> str:
    return title.encode(encoding)[: shapefile.NAME_BYTES - room].decode(encoding, "ignore")


def _value(site: Any, key: str, ground: Ground) -> Any:
    if key == "district":
        return ground.names[site.district]
    return getattr(site, key) if key in _PLAIN else site.attributes.get(key)


def _column(name: str, field: Field | None, values: list[Any], dataset: Dataset) -> Column:
    kind = field["type"] if field else "string"
    if kind == "boolean":
        return Column(name, "L", 1)
    if kind in _WIDTH:
        width, decimals = _WIDTH[kind]
        return Column(name, "N", width, decimals)
    longest = max(len(str(value or "").encode(dataset.encoding)) for value in values)
    return Column(name, "C", max(10, longest + 4))


def _projected(dataset: Dataset) -> list[Any]:
    geometries = np.array([site.geom for site in dataset.sites], dtype=object)
    decimals = _DECIMALS_DEGREES if dataset.srid in _GEOGRAPHIC else _DECIMALS_M
    moved = transform_array(geometries, 4326, dataset.srid)
    return list(shapely.transform(moved, lambda numbers: np.round(numbers, decimals)))


def _suggested(fields: Mapping[str, Field], wanted: Mapping[str, str]) -> dict[str, str]:
    programme = Programme(attribute_schema={"properties": dict(fields)})
    return suggest_mapping(programme, list(wanted))
