"""Loading a folder: whole or not at all, again after a change, never from under existing sites."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import Point, box

from layers.models import Feature, Layer
from projects import editing
from projects.city.loading import load_city
from projects.city.mistakes import FolderRefused
from projects.models import (
    City,
    Clause,
    District,
    Programme,
    Site,
    Target,
    Workflow,
    WorkflowState,
    WorkflowStep,
)
from tests.projects.city.conftest import edit

pytestmark = pytest.mark.django_db
ON = dt.date(2030, 5, 1)


def make_bridge() -> Site:
    draft = editing.SiteDraft(
        code="B1",
        name="桥一",
        geom=Point(10.6, 50.5),
        attributes={"opened": "2030-05-01", "material": "石"},
    )
    return editing.create_site(Programme.objects.get(key="bridge"), draft, by=None, on=ON)


def make_wood() -> Site:
    draft = editing.SiteDraft(
        code="W1", name="林一", geom=box(10.2, 50.2, 10.21, 50.21), published=True
    )
    return editing.create_site(Programme.objects.get(key="wood"), draft, by=None, on=ON)


def refusals(folder: Path) -> list[str]:
    with pytest.raises(FolderRefused) as refused:
        load_city(folder)
    return [str(mistake) for mistake in refused.value.mistakes]


def test_another_city_loads_from_a_folder_of_its_own(newtown: Path) -> None:
    load_city(newtown)

    assert City.objects.get().bbox.bounds == (10.0, 50.0, 11.0, 51.0)
    east, west = District.objects.all()
    assert (east.code, east.name, east.is_schematic) == ("990101", "东区", False)
    assert east.geom is not None and west.geom is None
    brook = Feature.objects.get(layer__key="brook")
    assert (brook.name, brook.properties) == ("小河", {"depth": 1.5})
    assert Layer.objects.get().style == {
        "layers": [{"type": "line", "paint": {"line-color": "#0000ff", "line-width": 2}}]
    }
    assert Target.objects.get(key="stone").where == {"material": "石"}
    assert str(Target.objects.get(key="woods").value) == "2.500"


def test_fields_become_a_schema_that_checks_sites(newtown: Path) -> None:
    load_city(newtown)
    schema = Programme.objects.get(key="bridge").attribute_schema

    assert schema["required"] == ["opened"]
    assert schema["properties"]["span_m"] == {
        "type": "number", "title": "跨度", "title_en": "Span", "public": True, "order": 0,
        "unit": "米", "unit_en": "米", "minimum": 0, "maximum": 900,
    }  # fmt: skip
    assert schema["properties"]["material"]["enum_en"] == ["Wood", "Stone"]
    assert schema["properties"]["opened"]["format"] == "date"
    area = Programme.objects.get(key="wood").attribute_schema["properties"]["claimed_mu"]
    assert area["unit_en"] == "mu"


def test_loading_again_changes_what_changed_and_keeps_the_sites(newtown: Path) -> None:
    load_city(newtown)
    site = make_bridge()
    revision = City.objects.get().publication_revision
    edit(newtown, "programmes.yaml", "name_en: Bridges", "name_en: Road bridges")
    edit(newtown, "report.yaml", "value: 3", "value: 4")

    done = {loaded.what: loaded.tally for loaded in load_city(newtown)}

    assert (done["programmes"].updated, done["programmes"].unchanged) == (1, 1)
    assert (done["targets"].updated, done["targets"].unchanged) == (1, 3)
    assert done["features"].changed == 0
    assert Programme.objects.get(pk=site.programme_id).name_en == "Road bridges"
    assert Site.objects.get(pk=site.pk).revision == site.revision
    assert City.objects.get().publication_revision == revision + 1


def test_what_nobody_uses_goes_when_the_folder_drops_it(newtown: Path) -> None:
    load_city(newtown)
    text = (newtown / "report.yaml").read_text(encoding="utf-8")
    (newtown / "report.yaml").write_text(text[: text.index("  - key: woods")], encoding="utf-8")
    text = (newtown / "programmes.yaml").read_text(encoding="utf-8")
    (newtown / "programmes.yaml").write_text(text[: text.index("  - key: wood")], encoding="utf-8")
    west = (
        ',\n{"type": "Feature", "properties": {"code": "990102", "name": "西区"}, "geometry": null}'
    )
    edit(newtown, "districts.geojson", west, "")

    out = StringIO()
    call_command("load_city", str(newtown), stdout=out)

    assert "programmes and workflows without use: 0 (1 removed)" in out.getvalue()
    assert set(Target.objects.values_list("key", flat=True)) == {"bridges", "stone"}
    assert Clause.objects.get().key == "bridges"
    assert Programme.objects.get().key == "bridge"
    assert District.objects.get().code == "990101"


def test_the_initial_state_can_move(newtown: Path) -> None:
    load_city(newtown)
    edit(newtown, "workflows.yaml", "phase: planned, initial: true", "phase: planned")
    edit(newtown, "workflows.yaml", "phase: working}", "phase: working, initial: true}")
    back = "{source: planned, target: works}\n      - {source: works, target: planned}"
    edit(newtown, "workflows.yaml", "{source: planned, target: works}", back)

    load_city(newtown)

    assert WorkflowState.objects.get(is_initial=True).key == "works"
    assert WorkflowStep.objects.filter(source__key="works", target__key="planned").exists()


def test_a_programme_may_change_to_a_new_workflow_while_it_has_no_site(newtown: Path) -> None:
    load_city(newtown)
    edit(newtown, "workflows.yaml", "- key: build", "- key: construct")
    path = newtown / "programmes.yaml"
    path.write_text(
        path.read_text("utf-8").replace("workflow: build", "workflow: construct"), "utf-8"
    )

    load_city(newtown)

    assert Workflow.objects.get().key == "construct"


def test_a_coarser_precision_reaches_the_sites_that_are_there(newtown: Path) -> None:
    load_city(newtown)
    site = make_bridge()
    assert site.public_geom.equals(site.geom)
    edit(newtown, "programmes.yaml", "precision: exact", "precision: district")

    load_city(newtown)

    assert Site.objects.get(pk=site.pk).public_geom is None


def test_a_changed_layer_is_replaced_and_says_so(newtown: Path) -> None:
    load_city(newtown)
    before = Layer.objects.get().updated_at
    edit(newtown, "brook.geojson", "[10.9, 50.9]", "[10.8, 50.8]")

    load_city(newtown)

    assert Feature.objects.get().geom.coords[-1] == (10.8, 50.8)
    assert Layer.objects.get().updated_at > before


def test_a_check_stores_nothing(newtown: Path) -> None:
    done = load_city(newtown, dry_run=True)

    assert sum(loaded.tally.created for loaded in done) > 10
    assert not City.objects.exists()


def test_nothing_is_stored_when_anything_is_refused(newtown: Path) -> None:
    edit(newtown, "report.yaml", "year: 2030", "year: soon")

    assert refusals(newtown) == ["report.yaml:2: year: “soon” is not a number."]
    assert not City.objects.exists()


def test_a_state_with_sites_cannot_be_removed(newtown: Path) -> None:
    load_city(newtown)
    make_bridge()
    edit(newtown, "workflows.yaml", "{key: planned,", "{key: proposed,")
    edit(newtown, "workflows.yaml", "source: planned", "source: proposed")

    assert refusals(newtown) == [
        "workflows.yaml:2: workflows[build].states: "
        "The state “planned” cannot be removed: it holds 1 site."
    ]
    assert WorkflowState.objects.filter(key="planned").exists()


def test_a_state_and_a_step_of_a_sites_history_cannot_be_removed(newtown: Path) -> None:
    load_city(newtown)
    site = make_bridge()
    editing.move_site(site, WorkflowState.objects.get(key="works"), by=None, on=ON)
    editing.move_site(site, WorkflowState.objects.get(key="done"), by=None, on=ON)
    edit(
        newtown,
        "workflows.yaml",
        "- {source: planned, target: works}",
        "- {source: planned, target: done}",
    )
    edit(newtown, "workflows.yaml", "- {source: works, target: done, roles: [inspector]}\n", "\n")
    edit(
        newtown,
        "workflows.yaml",
        "requires_note: true}",
        "requires_note: true}\n      - {source: works, target: accepted}",
    )

    found = refusals(newtown)

    assert any("The step from “planned” to “works” has been taken" in line for line in found)
    assert any("The step from “works” to “done” has been taken" in line for line in found)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "key: bridge\n",
            "key: ferry\n",
            "The programme “bridge” has 1 site and cannot be removed.",
        ),
        (
            "geometry_kinds: [Point]",
            "geometry_kinds: [LineString]",
            "There are sites of the kind Point.",
        ),
        (
            "enum: [木, 石]",
            "enum: [木, 铁]",
            "The site B1 would not fit: Material: “石” is not one of 木、铁.",
        ),
    ],
)
def test_a_programme_keeps_what_its_sites_need(
    newtown: Path, old: str, new: str, sentence: str
) -> None:
    load_city(newtown)
    make_bridge()
    edit(newtown, "programmes.yaml", old, new)
    path = newtown / "report.yaml"
    text = path.read_text("utf-8").replace(", where: {material: 石}", "")
    path.write_text(text.replace("programme: bridge", "programme: wood"), "utf-8")

    assert any(line.endswith(sentence) for line in refusals(newtown)), sentence


def test_a_programme_with_sites_keeps_its_workflow(newtown: Path) -> None:
    load_city(newtown)
    make_bridge()
    text = (newtown / "workflows.yaml").read_text(encoding="utf-8")
    copy = text.removeprefix("workflows:\n").replace("key: build", "key: repair")
    (newtown / "workflows.yaml").write_text(text + copy, encoding="utf-8")
    path = newtown / "programmes.yaml"
    path.write_text(
        path.read_text("utf-8").replace("workflow: build", "workflow: repair", 1), "utf-8"
    )

    assert refusals(newtown) == [
        "programmes.yaml:3: programmes[bridge].workflow: "
        "The programme has sites in the workflow “build”, which must stay."
    ]


def test_a_district_with_sites_and_the_city_around_them_stay(newtown: Path) -> None:
    load_city(newtown)
    site = make_wood()
    editing.update_site(site, {"district": District.objects.get(code="990102")})
    edit(newtown, "districts.geojson", "990102", "990103")
    edit(newtown, "city.yaml", "bbox: [10.0,", "bbox: [10.205,")

    found = refusals(newtown)

    assert found[0].endswith("bbox: 1 site would lie outside the city.")
    assert found[1].endswith("西区 (990102) has 1 site and cannot be removed.")


def test_a_second_city_is_refused(newtown: Path) -> None:
    load_city(newtown)
    edit(newtown, "city.yaml", "key: newtown", "key: oldtown")

    assert refusals(newtown) == [
        "city.yaml:1: key: The database holds the city “newtown”; another city needs a database of its own."
    ]


def test_the_command_says_what_it_loads(newtown: Path) -> None:
    out = StringIO()

    call_command("load_city", str(newtown), stdout=out)

    assert "districts: 2 (2 new)" in out.getvalue()
    assert "targets: 4 (4 new)" in out.getvalue()
    assert City.objects.count() == 1


def test_the_command_checks_without_storing(newtown: Path) -> None:
    out = StringIO()

    call_command("load_city", str(newtown), "--check", stdout=out)

    assert "nothing was stored" in out.getvalue()
    assert not City.objects.exists()


def test_the_command_lists_every_mistake(newtown: Path) -> None:
    first = edit(newtown, "programmes.yaml", "symbol: square", "symbol: bridge")
    second = edit(newtown, "report.yaml", "comparator: ge", "comparator: atleast")

    with pytest.raises(CommandError) as refused:
        call_command("load_city", str(newtown))

    lines = str(refused.value).splitlines()
    assert lines[0] == "2 mistakes; nothing was stored:"
    assert lines[1].startswith(
        f"programmes.yaml:{first}: programmes[bridge].symbol: “bridge” is none of: circle"
    )
    assert lines[2].startswith(
        f"report.yaml:{second}: clauses[bridges].targets[bridges].comparator: “atleast” is none of: eq"
    )
