"""Each mistake in a folder is reported with its file, its line and its field, and all of them at once."""

from pathlib import Path

import pytest

from projects.city.folder import read_folder
from projects.city.mistakes import FolderRefused, Mistake
from tests.projects.city.conftest import edit

# file, what stands there, what is put in its place, the field, a part of the sentence
MISTAKES = [
    ("city.yaml", "key: newtown", "key: New Town", "key", "is no key"),
    ("city.yaml", 'code: "990100"', "code: 990100", "code", "put it in quotes"),
    ("city.yaml", "name: 新镇市", "name:", "name", "A text is needed"),
    ("city.yaml", "bbox: [10.0,", "bbox: [12.0,", "bbox", "west must not be greater than east"),
    ("city.yaml", "51.0]", "51.0, 3]", "bbox", "A list of 4 numbers"),
    ("city.yaml", "[10.0, 50.0, 11.0, 51.0]", "[10, 50, 10, 51]", "bbox", "no width"),
    ("city.yaml", "is_demonstration: true", "is_demonstration: perhaps", "is_demonstration", "neither true nor"),
    ("city.yaml", "is_demonstration: true", "is_demo: true", "is_demo", "is not known here"),
    ("city.yaml", "is_demonstration: true", "time_zone: Mars/Olympus", "time_zone", "TIME_ZONE"),
    ("city.yaml", "published: true", "visible: true", "layers[brook].visible", "is not known here"),
    ("city.yaml", "- key: brook", "- key: sites", "layers[sites].key", "taken by the system"),
    ("city.yaml", "line-width: 2", "line-width: 200", "layers[brook].style.layers[0].paint.line-width",
     "A number from 0 to 100"),
    ("city.yaml", "type: line,", "type: river,", "layers[brook].style.layers[0].type", "One of these"),
    ("city.yaml", "layers: [{type: line, paint: {line-color: \"#0000ff\", line-width: 2}}]", "layers: 3",
     "layers[brook].style.layers", "layers are needed"),
    ("workflows.yaml", "phase: working", "phase: busy", "workflows[build].states[works].phase", "none of: planned"),
    ("workflows.yaml", ", initial: true", "", "workflows[build].states", "Exactly one state must be initial"),
    ("workflows.yaml", "{key: done,", "{key: works,", "workflows[build].states[works].key", "given twice"),
    ("workflows.yaml", "roles: [planner]", "roles: [mayor]", "workflows[build].steps[4].roles", "“mayor” is none of"),
    ("workflows.yaml", "{source: planned, target: works}", "{source: planned, target: start}",
     "workflows[build].steps[1].target", "“start” is none of: planned, works, done, accepted"),
    ("workflows.yaml", "{source: planned, target: works}", "{source: planned, target: planned}",
     "workflows[build].steps[1].target", "goes to another state"),
    ("workflows.yaml", "{source: done, target: works, requires_note: true}", "{source: planned, target: works}",
     "workflows[build].steps[3].target", "given twice"),
    ("programmes.yaml", "name: 桥", "title: 桥", "programmes[bridge].title", "is not known here"),
    ("programmes.yaml", "symbol: square", "symbol: bridge", "programmes[bridge].symbol", "none of: circle"),
    ("programmes.yaml", "geometry_kinds: [Point]", "geometry_kinds: [Dot]", "programmes[bridge].geometry_kinds",
     "“Dot” is none of"),
    ("programmes.yaml", "geometry_kinds: [Point]", "geometry_kinds: []", "programmes[bridge].geometry_kinds",
     "A list is needed"),
    ("programmes.yaml", "precision: exact", "precision: roughly", "programmes[bridge].precision", "“roughly” is none"),
    ("programmes.yaml", "precision: grid:50", "precision: grid:x", "programmes[wood].precision", "“grid:x” is none"),
    ("programmes.yaml", "- key: wood", "- key: bridge", "programmes[bridge].key", "given twice"),
    ("programmes.yaml", "theme: 交通", "theme: " + "交" * 61, "programmes[bridge].theme", "at most 60 characters"),
    ("programmes.yaml", "key: span_m", "key: span__m", "programmes[bridge].fields[span__m].key", "single _"),
    ("programmes.yaml", "key: span_m", "key: contains", "programmes[bridge].fields[contains].key", "word of the data"),
    ("programmes.yaml", "key: material", "key: span_m", "programmes[bridge].fields[span_m].key", "given twice"),
    ("programmes.yaml", "minimum: 0", "minimum: none", "programmes[bridge].fields[span_m].minimum", "not a number"),
    ("programmes.yaml", "minimum: 0", "minimum: .inf", "programmes[bridge].fields[span_m].minimum", "not a number"),
    ("programmes.yaml", "maximum: 900", "maximum: -1", "programmes[bridge].fields[span_m].maximum", "below the min"),
    ("programmes.yaml", "type: string, format", "type: integer, format", "programmes[bridge].fields[opened].format",
     "Only a string"),
    ("programmes.yaml", "format: date", "format: time", "programmes[bridge].fields[opened].format", "none of: date"),
    ("programmes.yaml", "format: date", "max_length: 0", "programmes[bridge].fields[opened].max_length", "from 1 to"),
    ("programmes.yaml", "format: date", "maximum: 3", "programmes[bridge].fields[opened].maximum", "Only a number"),
    ("programmes.yaml", "enum_en: [Wood, Stone]", "enum_en: [Wood]", "programmes[bridge].fields[material].enum_en",
     "2 values in enum, 1 in enum_en"),
    ("programmes.yaml", "enum: [木, 石], ", "", "programmes[bridge].fields[material].enum_en", "There is no enum"),
    ("report.yaml", "year: 2030", "year: 30", "year", "from 1900 to 2200"),
    ("report.yaml", "kind: sum", "kind: total", "clauses[woods].targets[woods].kind", "“total” is none of"),
    ("report.yaml", "value: 3,", "", "clauses[bridges].targets[bridges].value", "This is missing"),
    ("report.yaml", "value: 3,", "value: many,", "clauses[bridges].targets[bridges].value", "not a number"),
    ("report.yaml", "value: 2.5", "value: 2.5001", "clauses[woods].targets[woods].value", "3 after it"),
    ("report.yaml", "value: 3,", "value: 3, value_max: 4,",
     "clauses[bridges].targets[bridges].value_max", "Only a range"),
    ("report.yaml", "comparator: ge, value: 3,", "comparator: range, value: 3, value_max: 2,",
     "clauses[bridges].targets[bridges].value_max", "below the lower"),
    ("report.yaml", "comparator: ge,", "comparator: none,", "clauses[bridges].targets[bridges].value", "no number"),
    ("report.yaml", "value: 3, programme: bridge", "value: 3, programme: ferry",
     "clauses[bridges].targets[bridges].programme", "“ferry” is none of: bridge, wood"),
    ("report.yaml", "where: {material: 石}", "where: {stuff: 石}", "clauses[bridges].targets[stone].where",
     "“stuff” is not a field"),
    ("report.yaml", "where: {material: 石}", "where: {material: 铁}", "clauses[bridges].targets[stone].where",
     "is not one of 木、石"),
    ("report.yaml", "value_field: claimed_mu", "value_field: area", "clauses[woods].targets[woods].value_field",
     "“area” is no number among the fields of wood: claimed_mu"),
    ("report.yaml", "unit: 亩,", "unit: 顷,", "clauses[woods].targets[woods].unit", "“顷” is none of"),
    ("report.yaml", "measure: area,", "", "clauses[woods].targets[woods].measure", "A sum needs something"),
    ("report.yaml", "milestone_state: works", "milestone_state: begun", "clauses[works].targets[start].milestone_state",
     "“begun” is none of: planned, works"),
    ("report.yaml", "- {key: stone,", "- {key: bridges,", "clauses[bridges].targets[bridges].key", "given twice"),
    ("report.yaml", "- key: woods", "- key: bridges", "clauses[bridges].key", "given twice"),
    ("districts.geojson", '"990102"', '"990101"', "features[2].properties.code", "given twice"),
    ("districts.geojson", '"name": "西区"', '"title": "西区"', "features[2].properties.name", "This is missing"),
    ("brook.geojson", "[10.9, 50.9]", "[10.1, 50.1]", "features[1].geometry", "too few different points"),
    ("brook.geojson", "[[10.1, 50.1], [10.9, 50.9]]", "[[50.1, 10.1], [50.9, 10.9]]", "features[1].geometry",
     "outside the city"),
    ("brook.geojson", "[10.9, 50.9]", "[500000, 5600000]", "features[1].geometry", "not lon/lat"),
    ("brook.geojson", '"LineString"', '"Line"', "features[1].geometry", "cannot be read"),
    ("brook.geojson", '{"type": "Feature", ', '{"type": "Thing", ', "features[1]", "not a GeoJSON feature"),
]  # fmt: skip


def mistakes(folder: Path) -> list[Mistake]:
    with pytest.raises(FolderRefused) as refused:
        read_folder(folder)
    return refused.value.mistakes


@pytest.mark.parametrize(("file", "old", "new", "field", "sentence"), MISTAKES)
def test_a_mistake_has_its_file_line_and_field(
    newtown: Path, file: str, old: str, new: str, field: str, sentence: str
) -> None:
    line = edit(newtown, file, old, new)

    found = [item for item in mistakes(newtown) if item.field == field]

    assert found, f"nothing is said about {field}"
    assert sentence in found[0].sentence
    assert found[0].file == file
    assert found[0].line == line


def test_what_is_missing_is_reported_where_it_should_stand(newtown: Path) -> None:
    edit(newtown, "report.yaml", "year: 2030", "")
    line = edit(newtown, "programmes.yaml", "symbol: tree\n", "\n") - 7

    found = {(item.file, item.line, item.field) for item in mistakes(newtown)}

    assert found == {
        ("report.yaml", 1, "year"),
        ("programmes.yaml", line, "programmes[wood].symbol"),
    }


def test_all_mistakes_of_all_files_are_told_at_once(newtown: Path) -> None:
    for file, old, new, *_rest in (
        MISTAKES[0],
        MISTAKES[14],
        MISTAKES[22],
        MISTAKES[42],
        MISTAKES[-1],
    ):
        edit(newtown, file, old, new)

    files = [item.file for item in mistakes(newtown)]

    assert {*files} == {
        "city.yaml",
        "workflows.yaml",
        "programmes.yaml",
        "report.yaml",
        "brook.geojson",
    }
    assert files == sorted(files)


def test_a_mistake_reads_as_file_line_field_and_sentence(newtown: Path) -> None:
    line = edit(newtown, "programmes.yaml", "symbol: tree", "symbol: shrub")

    assert str(mistakes(newtown)[0]).startswith(
        f"programmes.yaml:{line}: programmes[wood].symbol: “shrub” is none of: "
    )


@pytest.mark.parametrize(
    "name",
    [
        "city.yaml",
        "workflows.yaml",
        "programmes.yaml",
        "report.yaml",
        "districts.geojson",
        "brook.geojson",
    ],
)
def test_a_missing_file_is_one_mistake(newtown: Path, name: str) -> None:
    """What other files say about it is not doubted for want of it."""
    (newtown / name).unlink()

    assert mistakes(newtown) == [Mistake(name, 1, "file", "The file is missing.")]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "nowhere")[0].sentence == "There is no such folder."


@pytest.mark.parametrize("name", ["report.yaml", "brook.geojson"])
def test_text_in_another_encoding_has_its_line(newtown: Path, name: str) -> None:
    text = (newtown / name).read_text(encoding="utf-8")
    (newtown / name).write_bytes(text.encode("gb18030"))
    line = next(
        number for number, row in enumerate(text.splitlines(), start=1) if not row.isascii()
    )

    assert mistakes(newtown) == [
        Mistake(name, line, "file", "The text is not UTF-8. Save the file as UTF-8.")
    ]


def test_a_byte_order_mark_is_let_be(newtown: Path) -> None:
    text = (newtown / "report.yaml").read_text(encoding="utf-8")
    (newtown / "report.yaml").write_text(text, encoding="utf-8-sig")

    assert read_folder(newtown).reports[0].year == 2030


@pytest.mark.parametrize(
    ("text", "line", "field", "sentence"),
    [
        ("", 1, "file", "The file is empty."),
        ("- one\n- two\n", 1, "file", "Named values are needed here."),
        ("key: a\nyear: [2030\n", 3, "file", "not valid YAML"),
        ("key: a\nkey: b\n", 2, "key", "“key” is given twice."),
        ("key: !!python/name:os.system\n", 1, "file", "has no meaning here"),
        ("key: a\n? [x]\n: 1\n", 2, "file", "A key must be a plain word."),
        ("key: &a [*a]\n", 1, "file", "nested too deeply"),
        ("key: a\n---\nkey: b\n", 2, "file", "not valid YAML"),
        ("key: a\x07\n", 1, "file", "not valid YAML"),
        ("key: !!int x\n", 1, "file", "cannot be read"),
        ("clauses: text\n", 1, "clauses", "A list is needed here."),
        ("clauses: [text]\n", 1, "clauses[1]", "Named values are needed here."),
        (
            "clauses:\n- targets:\n  - where: 3\n",
            3,
            "clauses[1].targets[1].where",
            "Named values are needed",
        ),
    ],
)
def test_a_file_that_is_not_what_it_should_be(
    newtown: Path, text: str, line: int, field: str, sentence: str
) -> None:
    (newtown / "report.yaml").write_text(text, encoding="utf-8")

    found = [
        item for item in mistakes(newtown) if item.field == field and sentence in item.sentence
    ]

    assert [(item.file, item.line) for item in found] == [("report.yaml", line)]


@pytest.mark.parametrize(
    ("text", "line", "field", "sentence"),
    [
        ('{"type": "FeatureCollection",\n"features": [}', 2, "file", "not valid JSON"),
        ("[1, 2]", 1, "file", "not a GeoJSON FeatureCollection"),
        (
            '{"features": [{"type": "Feature"}],\n"crs": {"properties": {"name": "EPSG:4529"}}}',
            2,
            "crs",
            "in EPSG:4529; WGS 84",
        ),
        ('{"features": []}', 1, "features", "There is no feature"),
        ('{"features": [\n7]}', 1, "features[1]", "not a GeoJSON feature"),
        ('{"features": [NaN]}', 1, "file", "not valid JSON"),
        ('{"features": [' + "[" * 100_000, 1, "file", "not valid JSON"),
    ],
)
def test_a_geojson_file_that_is_none(
    newtown: Path, text: str, line: int, field: str, sentence: str
) -> None:
    (newtown / "brook.geojson").write_text(text, encoding="utf-8")

    found = mistakes(newtown)

    assert [(item.file, item.line, item.field) for item in found] == [
        ("brook.geojson", line, field)
    ]
    assert sentence in found[0].sentence


def test_a_file_outside_the_folder_is_not_opened(newtown: Path) -> None:
    edit(newtown, "city.yaml", "brook.geojson", "../secret.geojson")
    (newtown.parent / "secret.geojson").write_text("{}", encoding="utf-8")

    assert mistakes(newtown) == [
        Mistake("../secret.geojson", 1, "file", "The file lies outside the folder.")
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("      - {source: works, target: done, roles: [inspector]}\n", "", "No way leads to the state “done”."),
        ("      - {source: done, target: accepted, requires_photo: true, roles: [planner]}\n", "",
         "No way leads from the state “done” to acceptance."),
        ("phase: accepted", "phase: completed", "No state has the phase “accepted”."),
        ("phase: completed", "phase: working", "No state has the phase “completed”."),
    ],
)  # fmt: skip
def test_a_workflow_leads_to_acceptance(newtown: Path, old: str, new: str, sentence: str) -> None:
    edit(newtown, "workflows.yaml", old, new)

    found = mistakes(newtown)

    assert sentence in [item.sentence for item in found]
    assert {item.file for item in found} == {"workflows.yaml"}


def test_an_indicator_without_works_has_no_part_of_a_programme(newtown: Path) -> None:
    edit(newtown, "report.yaml", "comparator: none, programme: wood,", "comparator: none,")

    assert [(item.field, item.sentence) for item in mistakes(newtown)] == [
        ("clauses[works].targets[start].milestone_state", "This needs a programme.")
    ]


def test_what_is_repeated_by_reference_is_read_twice(newtown: Path) -> None:
    edit(newtown, "programmes.yaml", "- {key: opened,", "- &opened {key: opened,")
    edit(newtown, "programmes.yaml", "- {key: claimed_mu", "- *opened\n      - {key: claimed_mu")

    wood = read_folder(newtown).programmes[1]

    assert list(wood.schema["properties"]) == ["opened", "claimed_mu"]
