"""What every page knows: the city, whether it is a demonstration, the languages to switch to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from projects.models import City


def city(request: HttpRequest) -> dict[str, Any]:
    """The city is asked for only by the templates that show it, once a page."""
    return {
        "city": SimpleLazyObject(City.objects.first),
        "languages": settings.LANGUAGES,
    }
