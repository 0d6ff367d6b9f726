"""load_demo where it does not belong."""

import io

import pytest
from django.core.management import CommandError, call_command

from projects.models import City


@pytest.mark.django_db
def test_without_a_city_it_says_what_comes_first() -> None:
    with pytest.raises(CommandError, match="load_city"):
        call_command("load_demo", stdout=io.StringIO())


@pytest.mark.django_db
def test_a_real_city_takes_no_demonstration() -> None:
    City.objects.create(
        key="real", code="1", name="实", name_en="Real", west=0, south=0, east=1, north=1
    )
    with pytest.raises(CommandError, match="demonstration city only"):
        call_command("load_demo", stdout=io.StringIO())
