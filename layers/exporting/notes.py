"""What a format could not hold, counted while it is written, and said in words beside the data."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_projects.http.problems import ParameterInvalid
from layers.exporting.neutral import neutral
from layers.exporting.table import Column, Table


class Loss(StrEnum):
    CUT = "cut"
    CHARACTERS = "characters"
    WIDE_INTEGERS = "wide-integers"
    NO_GEOMETRY = "no-geometry"
    COLLECTIONS = "collections"
    LONG_WKT = "long-wkt"
    CONTROL = "control"


_SENTENCES = {
    Loss.CUT: gettext_lazy("%(field)s: %(count)d texts were too long and were cut."),
    Loss.CHARACTERS: gettext_lazy(
        "%(field)s: %(count)d texts have characters that the encoding lacks; a “?” stands for each."
    ),
    Loss.WIDE_INTEGERS: gettext_lazy(
        "%(field)s: %(count)d whole numbers have more digits than the format keeps; they are written as text."
    ),
    Loss.NO_GEOMETRY: gettext_lazy(
        "%(count)d rows have no geometry; they are in a table of their own."
    ),
    Loss.COLLECTIONS: gettext_lazy(
        "%(count)d rows have a collection of different geometries, which the format cannot hold."
    ),
    Loss.LONG_WKT: gettext_lazy(
        "%(count)d geometries are too long for a cell and are left out; choose CSV to have them."
    ),
    Loss.CONTROL: gettext_lazy(
        "%(field)s: control characters were removed from %(count)d texts; the format forbids them."
    ),
}


class Notes:
    """Losses by kind and field."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[Loss, str]] = Counter()

    def add(self, loss: Loss, field: str = "", count: int = 1) -> None:
        if count:
            self.counts[loss, field] += count

    def sentences(self) -> Iterator[str]:
        """One for each kind and field, in the user's language."""
        for (loss, field), count in self.counts.items():
            yield str(_SENTENCES[loss]) % {"field": field, "count": count}


def dictionary(names: Sequence[str], columns: Sequence[Column]) -> Iterator[list[str]]:
    """The lines of a data dictionary: a head, and a line for each column."""
    yield ["field", "key", "title", "kind", "unit"]
    for name, column in zip(names, columns, strict=True):
        words = (name, column.key, column.title, column.kind, column.unit)
        yield [neutral(word) for word in words]


def dictionary_csv(names: Sequence[str], columns: Sequence[Column]) -> bytes:
    """The dictionary as a file that a spreadsheet opens: UTF-8 with a BOM."""
    text = StringIO(newline="")
    csv.writer(text).writerows(dictionary(names, columns))
    return text.getvalue().encode("utf-8-sig")


def refuse_more_than(table: Table, rows: int, limit: int) -> None:
    """Raises ParameterInvalid when a format's limit of rows is passed."""
    if max(rows, table.count or 0) > limit:
        raise ParameterInvalid(
            _("This format holds at most %(limit)s rows. Narrow the filters, or choose GeoPackage or CSV.")
            % {"limit": f"{limit:,}"},
            parameter="format",
        )  # fmt: skip
