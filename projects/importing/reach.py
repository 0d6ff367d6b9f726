"""Where reference data are expected: the city and what lies around it."""

from gis_projects.geo.bbox import BBox
from projects.models import City

# Rivers and roads go on outside; half a degree is about 40 km east to west here, 55 km north to south.
_MARGIN_DEG = 0.5


def around_the_city() -> BBox:
    """The city's bbox with a margin, EPSG:4326. Raises City.DoesNotExist when no city is loaded."""
    box = City.objects.get().bbox
    return BBox(
        max(box.west - _MARGIN_DEG, -180.0),
        max(box.south - _MARGIN_DEG, -90.0),
        min(box.east + _MARGIN_DEG, 180.0),
        min(box.north + _MARGIN_DEG, 90.0),
    )
