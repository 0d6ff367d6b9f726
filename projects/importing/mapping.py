"""Which column of a file holds which field of a site: a guess, and the check of what somebody says."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext_lazy

from layers.importing.problems import Code, Problem
from projects import attributes
from projects.models import Programme

# What bureaus call the fields that every site has. Attributes are found by their key and titles.
SYNONYMS = {
    "code": {"code", "编码", "编号", "项目编号", "图斑编号", "tbbh", "小班号"},
    "name": {"name", "名称", "项目名称", "小区名称"},
    "name_en": {"name_en", "英文名称"},
    "district": {"district", "县区", "县市区", "行政区", "区县"},
    "address": {"address", "地址", "位置"},
    "planned_start": {"planned_start", "计划开工"},
    "planned_end": {"planned_end", "计划完工", "计划竣工"},
    "actual_start": {"actual_start", "实际开工"},
    "actual_end": {"actual_end", "实际完工", "实际竣工"},
    "investment": {"investment", "总投资", "投资万元"},
}
FIELD_NAMES = {
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("English name"),
    "district": gettext_lazy("District"),
    "address": gettext_lazy("Address"),
    "planned_start": gettext_lazy("Planned start"),
    "planned_end": gettext_lazy("Planned end"),
    "actual_start": gettext_lazy("Actual start"),
    "actual_end": gettext_lazy("Actual end"),
    "investment": gettext_lazy("Investment, 10,000 yuan"),
}
ATTRIBUTE = "attributes."
# "总投资(万元)": the unit that stands behind a heading is no part of its name.
_UNIT = re.compile(r"\s*[(（][^()（）]*[)）]$")
# A DBF cuts names at ten bytes: three characters of UTF-8, four or five of GBK.
_CUT_BYTES = 9
_KEPT_BYTES = 10


def suggest_mapping(programme: Programme, columns: Iterable[str]) -> dict[str, str]:
    """A guess for each column that looks like a field: by key, by title, by what bureaus call it."""
    names = _names(programme)
    taken: set[str] = set()
    mapping = {}
    for column in columns:
        word = _UNIT.sub("", column.strip().lower())
        target = names.get(word) or _by_cut_name(names, word)
        if target and target not in taken:
            taken.add(target)
            mapping[column] = target
    return mapping


def fields_of(programme: Programme) -> list[tuple[str, str]]:
    """What a column may be mapped to, with names in the user's language: first the fields of every site."""
    own = [(name, str(FIELD_NAMES[name])) for name in SYNONYMS]
    schema = programme.attribute_schema
    return own + [
        (ATTRIBUTE + key, attributes.title(schema, key)) for key, _spec in attributes.fields(schema)
    ]


def required_of(programme: Programme) -> list[tuple[str, str]]:
    """The fields without which no new site is taken, with their names, in the order of ``fields_of``."""
    wanted = {"code", *(ATTRIBUTE + key for key in programme.attribute_schema.get("required", []))}
    return [(target, name) for target, name in fields_of(programme) if target in wanted]


def mapping_problems(
    programme: Programme, mapping: Mapping[str, str], columns: Sequence[str], file: str
) -> Iterator[Problem]:
    """What makes a mapping useless for this file: no code, a column or field that is not there, or one twice."""
    known = {*SYNONYMS, *(ATTRIBUTE + key for key in _properties(programme))}
    taken: set[str] = set()
    for column, target in mapping.items():
        if column not in columns:
            yield Problem(Code.NO_SUCH_COLUMN, file, field=column, params={"choices": columns})
        if target not in known:
            yield Problem(Code.UNKNOWN_FIELD, file, field=column, params={"name": target})
        elif target in taken:
            yield Problem(Code.MAPPED_TWICE, file, field=column, params={"name": target})
        taken.add(target)
    if "code" not in taken:
        yield Problem(Code.NO_CODE_COLUMN, file, params={"choices": columns})


def _names(programme: Programme) -> dict[str, str]:
    names = {name: target for target, known in SYNONYMS.items() for name in known}
    for key, spec in _properties(programme).items():
        # The full name is what an export writes where a common field has the short one.
        for name in (key, ATTRIBUTE + key, spec.get("title"), spec.get("title_en")):
            if name:
                names.setdefault(str(name).lower(), ATTRIBUTE + key)
    return names


def _properties(programme: Programme) -> dict[str, dict[str, object]]:
    properties: dict[str, dict[str, object]] = programme.attribute_schema.get("properties", {})
    return properties


def _by_cut_name(names: Mapping[str, str], word: str) -> str | None:
    """The one field whose longer Chinese name begins so, where the length is that of a cut one."""
    sizes = {len(word.encode(encoding, "ignore")) for encoding in ("utf-8", "gb18030")}
    is_cut = any(_CUT_BYTES <= size <= _KEPT_BYTES for size in sizes)
    if word.isascii() or not is_cut:
        return None
    found = {target for name, target in names.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 else None
