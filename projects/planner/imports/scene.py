"""The step at which a picture is looked at and described: what was found, and the form."""

import datetime as dt
import re
from pathlib import PurePosixPath
from typing import Any

import orjson
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.http import QueryDict
from django.utils.translation import get_language

from accounts.models import User
from gis_projects.geo import geojson
from projects.editing import to_shapely
from projects.models import ImportJob, Site
from projects.planner.imports.data import problems_of
from projects.planner.imports.words import CRS_BY
from projects.planner.scenes.forms import Choices, DescribedSceneForm
from projects.querysets import SiteQuerySet

# A day in a file's name, as satellites and drones write it: GF2_20220501, 2022-05-01, 2022.5 is none.
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
# More than a person would look through; a picture of the whole city shows no single site.
_MAX_SITES = 2_000
_MAX_DRAWN = 300
_DEGREES = 0.000_02  # about two metres
_MEGAPIXEL = 1_000_000


def scene_context(user: User, job: ImportJob, sent: QueryDict | None = None) -> dict[str, Any]:
    """sent: what a person filled in, when it is to be checked."""
    findings = job.findings
    pixels = findings.get("width", 0) * findings.get("height", 0)
    return {
        **problems_of(job),
        "crs_by": CRS_BY.get(findings.get("crs_by") or ""),
        "megapixels": pixels / _MEGAPIXEL,
        "pixel_m": _two_digits(findings.get("pixel_m")),
        "form": describing(user, job, sent),
        "sites": outlines(sites_under(user, job)),
    }


def _two_digits(value: float | None) -> str:
    return "" if value is None else f"{float(f'{value:.2g}'):g}"


def describing(user: User, job: ImportJob, sent: QueryDict | None = None) -> DescribedSceneForm:
    """The form, which begins with what was said before, or with what the file's name tells."""
    former = job.options.get("scene")
    initial = former if former is not None else _from_name(str(job.findings.get("file", "")))
    bands, names = job.findings.get("bands", 0), job.findings.get("band_names", [])
    return DescribedSceneForm(
        _choices(sites_under(user, job)), bands, names, sent, initial=dict(initial)
    )


def sites_under(user: User, job: ImportJob) -> SiteQuerySet:
    """The sites that the picture shows and that the user may edit."""
    footprint = job.findings.get("footprint")
    if footprint is None:
        return Site.objects.none()
    outline = GEOSGeometry(orjson.dumps(footprint).decode())
    rows = Site.objects.editable_by(user).filter(geom__intersects=outline)
    return rows.order_by("programme__order", "code")


def outlines(rows: SiteQuerySet) -> geojson.FeatureCollection:
    """Where the first of them lie, for the map."""
    found = rows.values_list("pk", "code", "name", "geom")[:_MAX_DRAWN]
    features = [
        geojson.feature(
            shapely.simplify(to_shapely(geom), _DEGREES), {"label": f"{code} {name}"}, str(pk)
        )
        for pk, code, name, geom in found
    ]
    return geojson.feature_collection(features)


def _choices(rows: SiteQuerySet) -> Choices:
    """By programme: number and name."""
    choices: dict[str, list[tuple[str, str]]] = {}
    is_english = (get_language() or "").startswith("en")
    found = rows.values_list(
        "pk", "code", "name", "name_en", "programme__name", "programme__name_en"
    )
    for pk, code, name, name_en, programme, programme_en in found[:_MAX_SITES]:
        title = (is_english and name_en) or name
        group = (is_english and programme_en) or programme
        choices.setdefault(group, []).append((str(pk), f"{code} {title}"))
    return list(choices.items())


def _from_name(file: str) -> dict[str, Any]:
    stem = PurePosixPath(file).stem
    found = _DAY.search(stem)
    initial: dict[str, Any] = {"name": stem[:200]}
    if found is not None:
        try:
            initial["acquired_on"] = dt.date(*map(int, found.groups()))
        except ValueError:  # the 31st of a month that has none
            pass
    return initial
