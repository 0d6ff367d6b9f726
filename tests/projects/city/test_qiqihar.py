"""The demonstration city, as it stands in the repository."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from layers.models import Layer
from projects import workflow
from projects.city.folder import read_folder
from projects.city.loading import load_city
from projects.city.specs import CityFolder
from projects.models import City, Clause, District, Phase, Programme, Report, Target, Workflow

QIQIHAR = Path(__file__).parents[3] / "cities" / "qiqihar"

PROGRAMMES = """
    mine_restore greening nen_eco soil_watershed shanshui water_source wwtp3 sludge_power fufa_heat pipe_renew
    old_estate shanty sgyy smart_utility illegal_build renewable gas_power boiler loose_coal manure solid_waste
    green_factory kindergarten school_repair school_traffic vocational_park elder_univ day_care childcare fitness
    culture creative_park maternal tcm black_soil_granary
""".split()
INDICATORS = """
    zoning lvdun reservoir river_chief section_ratio sewage_rate source_rate organic_fert pesticide energy_int loan
    jobs_new jobs_re jobs_hard unemp_reg unemp_sur insured vaccine newborn two_cancer plays events open_hours tcm
""".split()
# A clause with two numbers has a second target.
SECOND = ["fufa_heat_households", "kindergarten_places"]
# programme: kind, comparator, value, upper value
PROMISED = {
    "mine_restore": ("count", "eq", 44, None),
    "greening": ("sum", "eq", 100000, None),
    "pipe_renew": ("sum", "ge", 100, None),
    "fufa_heat_households": ("sum", "eq", 280000, None),
    "old_estate": ("count", "eq", 94, None),
    "shanty": ("sum", "eq", 3258, None),
    "renewable": ("stock", "ge", 2600, None),
    "kindergarten": ("count", "eq", 6, None),
    "kindergarten_places": ("sum", "ge", 1000, None),
    "vocational_park": ("count", "eq", 2, None),
    "elder_univ": ("count", "eq", 20, None),
    "day_care": ("count", "ge", 200, None),
    "childcare": ("per_unit", "range", 1, 2),
    "fitness": ("count", "ge", 20, None),
    "culture": ("count", "eq", 80, None),
    "sewage_rate": ("ratio", "ge", 62, None),
    "unemp_reg": ("ratio", "le", Decimal("3.5"), None),
    "unemp_sur": ("ratio", "le", 6, None),
    "energy_int": ("ratio", "eq", -3, None),
    "loan": ("sum", "eq", Decimal("2.5"), None),
}


@pytest.fixture(scope="module")
def folder() -> CityFolder:
    return read_folder(QIQIHAR)


@pytest.mark.django_db
def test_it_loads_whole() -> None:
    load_city(QIQIHAR)

    assert City.objects.get().code == "230200"
    assert City.objects.get().is_demonstration
    assert "GeoNames" in City.objects.get().attribution_en
    assert District.objects.filter(is_schematic=True, geom__isnull=False).count() == 16
    assert set(Programme.objects.values_list("key", flat=True)) == set(PROGRAMMES)
    assert set(Workflow.objects.values_list("key", flat=True)) == {
        "invest",
        "mine",
        "greening",
        "estate",
    }
    assert Report.objects.get().year == 2022
    mapped = Target.objects.filter(programme__isnull=False)
    # The hospitals of tcm are sites; its target is a rate that they do not add up to.
    assert set(mapped.values_list("key", flat=True)) == {*PROGRAMMES, *SECOND} - {"tcm"}
    unmapped = Target.objects.filter(programme__isnull=True)
    assert set(unmapped.values_list("key", flat=True)) == set(INDICATORS)
    counts = {layer.key: layer.features.count() for layer in Layer.objects.all()}
    assert counts == {"places": 128, "nen": 1, "nen_chainage": 60}


@pytest.mark.django_db
def test_it_loads_again_without_a_change() -> None:
    load_city(QIQIHAR)
    revision = City.objects.get().publication_revision
    stamps = list(Layer.objects.values_list("key", "updated_at"))

    again = load_city(QIQIHAR)

    assert [loaded.what for loaded in again if loaded.tally.changed] == []
    assert City.objects.get().publication_revision == revision
    assert list(Layer.objects.values_list("key", "updated_at")) == stamps


@pytest.mark.django_db
def test_its_promises_have_the_reports_numbers() -> None:
    load_city(QIQIHAR)
    columns = ("key", "kind", "comparator", "value", "value_max")
    found = {key: tuple(rest) for key, *rest in Target.objects.values_list(*columns)}

    assert {key: found[key] for key in PROMISED} == PROMISED
    assert Target.objects.get(key="sludge_power").milestone_state == "handed_over"
    assert Target.objects.get(key="wwtp3").milestone_state == "started"
    assert "沟槽" in Target.objects.get(key="pipe_renew").note


@pytest.mark.django_db
def test_every_clause_is_verbatim_and_translated() -> None:
    load_city(QIQIHAR)

    assert Clause.objects.count() == 57
    assert not Clause.objects.filter(text_en="").exists()
    assert (
        Clause.objects.get(key="pipe_renew").text
        == "中心城区改造老旧供热、燃气和二次供水管网100公里以上"
    )
    # One sentence of the report holds both unemployment rates.
    assert Clause.objects.get(key="unemp_reg").targets.count() == 2


@pytest.mark.django_db
def test_every_programme_can_be_accepted_without_a_detour() -> None:
    load_city(QIQIHAR)

    for programme in Programme.objects.select_related("workflow"):
        states = programme.workflow.states.all()
        phases = Counter(state.phase for state in states)
        assert phases[Phase.COMPLETED] >= 1
        goal = next(state for state in states if state.phase == Phase.ACCEPTED)
        way = workflow.path_to(
            workflow.initial_state(programme), goal, programme.workflow.steps.all()
        )
        assert way is not None, programme.key
        assert way[-1].requires_photo, programme.key


def test_what_is_sent_back_or_stopped_asks_why(folder: CityFolder) -> None:
    for found in folder.workflows:
        phases = {state.key: state.phase for state in found.states}
        backwards = {"suspended", "returned"}
        asking = [step for step in found.steps if phases[step.target] in backwards]
        assert asking
        assert all(step.requires_note for step in asking), found.key


def test_its_schemas_are_schemas_and_name_every_field_twice(folder: CityFolder) -> None:
    for programme in folder.programmes:
        Draft202012Validator.check_schema(programme.schema)
        assert programme.schema["additionalProperties"] is False
        for key, spec in programme.schema["properties"].items():
            assert spec["title"] and spec["title_en"], (programme.key, key)
            assert len(spec.get("enum", [])) == len(spec.get("enum_en", [])), (programme.key, key)
            # A unit without an English name would stand in Chinese on an English page.
            assert spec.get("unit_en", "").isascii() or spec["unit_en"] in {
                "m²",
                "km²",
                "10,000 m²",
                "10,000 m³",
                "m³/day",
                "10,000 m³/day",
                "t/(km²·a)",
                "°C",
            }, (programme.key, key)


def test_what_is_not_for_the_public_is_not_shown_exactly(folder: CityFolder) -> None:
    precision = {programme.key: programme.precision for programme in folder.programmes}

    assert precision["pipe_renew"] == precision["fufa_heat"] == precision["nen_eco"] == "street"
    assert precision["mine_restore"] != "exact"
    assert precision["loose_coal"] == precision["manure"] == "district"
    hidden = {programme.key for programme in folder.programmes if not programme.published}
    assert hidden == {"smart_utility", "illegal_build", "gas_power"}


def test_where_pipes_and_intakes_lie_is_no_public_attribute(folder: CityFolder) -> None:
    fields = {programme.key: programme.schema["properties"] for programme in folder.programmes}

    for key in ("from_to", "estate", "substation", "depth_m", "pressure_mpa"):
        assert fields["pipe_renew"][key]["public"] is False
    assert fields["pipe_renew"]["system"]["enum"] == ["供热", "燃气", "二次供水"]
    assert (
        "Point" not in next(p for p in folder.programmes if p.key == "water_source").geometry_kinds
    )
