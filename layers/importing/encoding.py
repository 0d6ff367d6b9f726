"""Which encoding an attribute table is written in: stated, else shown by its own bytes.

In this order: what the person says; the .cpg; a language byte that is to be trusted; the evidence
of names and sample rows. A statement that the bytes contradict is ignored with a warning.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from layers.importing import dbf
from layers.importing.problems import Code, Problem, refuse

DecidedBy = Literal["override", "cpg", "ldid", "header", "ascii", "evidence", "guess"]

SAMPLE_RECORDS = 2_000
SHOWN_RECORDS = 5
# Supersets read what their subsets wrote, and the rare name characters besides.
_SUPERSETS = {"gbk": "gb18030", "gb2312": "gb18030", "hz": "gb18030", "big5": "cp950"}
_CODE_PAGES = {"936": "gb18030", "54936": "gb18030", "950": "cp950", "65001": "utf-8"}
# Language bytes that only a choice writes. 0x57, 0x03 and the like are defaults that mean nothing.
# Source: dBASE/FoxPro code page marks, as in GDAL's DBF driver.
_TRUSTED_LDID = {
    0x13: "cp932",
    0x26: "cp866",
    0x4D: "gb18030",
    0x4E: "cp949",
    0x4F: "cp950",
    0x65: "cp866",
    0x78: "cp950",
    0x79: "cp949",
    0x7A: "gb18030",
    0x7B: "cp932",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
}
# What programs write into a .cpg without asking; any bytes are text in these.
_UNASKED = frozenset({"iso8859-1", "cp1252"})
UNCUT = 1 << 62
_DIGITS = range(0x30, 0x3A)
_IsCommon = Callable[[int, int], bool]
_SURE, _LIKELY, _CLEARLY = 0.8, 0.5, 0.2
# Different characters that it takes to outweigh a statement: one that was written unasked, and one that was chosen.
_ENOUGH_UNASKED, _ENOUGH = 3, 10


@dataclass(frozen=True, slots=True)
class Detected:
    """The decision, how it was come to, and what the table looks like under it."""

    encoding: str
    decided_by: DecidedBy
    warnings: tuple[Problem, ...]
    field_names: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Sample:
    raw: bytes
    width: int


def normalise(label: str) -> str | None:
    """A Python codec for what people call an encoding, else None.

    Takes ``UTF-8``, ``936``, ``ANSI 1250``, ``OEM 936``, ``CP936``, ``Windows-1251``, ``GB2312``,
    ``ISO 88591``, ``ISO-8859-1``, ``88591``.
    """
    text = label.strip().strip("\ufeff\x00").strip().lower()
    number = re.fullmatch(r"(?:ansi|oem|cp|windows|ms|x-cp|ibm|gbk)?[\s_-]*(\d{3,5})", text)
    latin = re.fullmatch(r"(?:iso)?[\s_-]*8859[\s_-]*(\d{1,2})", text)
    if latin:
        text = f"iso8859-{latin[1]}"
    elif number:
        text = _CODE_PAGES.get(number[1], f"cp{number[1]}")
    try:
        info = codecs.lookup(text)
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding:
        return None
    return _SUPERSETS.get(info.name, info.name)


def detect(
    path: Path, cpg: Path | None = None, override: str | None = None, file: str = ""
) -> Detected:
    """Decide the encoding of the .dbf at ``path``.

    cpg: its .cpg, if there is one. override: what the person says, taken as it is.
    Raises ImportRefused when the table is damaged or the override is no encoding.
    """
    header = dbf.read_header(path, file)
    table = dbf.Table(path, header)
    samples = _samples(table)
    encoding, decided_by, warnings = _decide(samples, header.ldid, cpg, override, file)
    names = field_names(header, encoding)
    rows = tuple(_shown(table, names, encoding))
    return Detected(encoding, decided_by, tuple(warnings), names, rows)


def field_names(header: dbf.Header, encoding: str) -> tuple[str, ...]:
    """Names of the columns: a character cut at the tenth byte is dropped, twins are numbered."""
    names: list[str] = []
    for number, field in enumerate(header.fields, start=1):
        text = dbf.decode_text(field.raw_name, encoding, width=0)
        name = text if text is not None else field.raw_name.decode("latin-1")
        name = name.strip() or f"field_{number}"
        unique, twin = name, 1
        while unique in names:
            twin += 1
            unique = f"{name}_{twin}"
        names.append(unique)
    return tuple(names)


def _decide(
    samples: Sequence[_Sample], ldid: int, cpg: Path | None, override: str | None, file: str
) -> tuple[str, DecidedBy, list[Problem]]:
    if override:
        chosen = normalise(override)
        if chosen is None:
            raise refuse(Code.UNKNOWN_ENCODING, file, encoding=override)
        return chosen, "override", []
    warnings: list[Problem] = []
    label = _cpg_label(cpg)
    if label is not None:
        stated = normalise(label) if label else None
        if stated and _fits(samples, stated):
            return stated, "cpg", []
        shown = {"encoding": label[:20] or ".cpg"}
        warnings.append(Problem(Code.ENCODING_IGNORED, file, params=shown))
    trusted = _TRUSTED_LDID.get(ldid)
    if trusted and _fits(samples, trusted):
        return trusted, "ldid", warnings
    encoding, decided_by = by_evidence([(one.raw, one.width) for one in samples])
    if decided_by == "guess":
        warnings.append(Problem(Code.ENCODING_GUESSED, file, params={"encoding": encoding}))
    return encoding, decided_by, warnings


def _cpg_label(cpg: Path | None) -> str | None:
    """What the .cpg says; empty when it says something else (a web page, say); None without one."""
    if cpg is None:
        return None
    with cpg.open("rb") as file:
        text = file.read(256).decode("latin-1").replace("ï»¿", "").strip("\x00 \r\n\t")
    return text if re.fullmatch(r"[\w .:/-]{1,40}", text) else ""


def _fits(samples: Sequence[_Sample], encoding: str) -> bool:
    """Whether the bytes are text in this encoding, and not plainly of another one."""
    if encoding != "utf-8" and samples and _all_decode(samples, "utf-8"):
        # Chinese in UTF-8 often passes as GBK; the reverse happens for single words at most.
        return False
    return _all_decode(samples, encoding) and not _is_contradicted(samples, encoding)


def _is_contradicted(samples: Sequence[_Sample], stated: str) -> bool:
    """Whether the bytes are plainly Chinese, and the encoding that is stated is the other Chinese one or none.

    Bytes of GBK often pass as Big5, and always as Latin-1. A few odd characters prove nothing.
    """
    enough = _ENOUGH_UNASKED if stated in _UNASKED else _ENOUGH
    if stated not in {*_UNASKED, *_COMMON} or _distinct(samples) < enough:
        return False
    shares = _shares(samples)
    own = shares.pop(stated, 0.0)
    other = max(shares.values())
    return other >= _SURE and other - own >= _CLEARLY


def _distinct(samples: Sequence[_Sample]) -> int:
    """How many different pairs of bytes there are that may be characters."""
    found: set[bytes] = set()
    for sample in samples:
        raw, at = sample.raw, 0
        while at < len(raw) - 1:
            if raw[at] >= 0x80:
                found.add(raw[at : at + 2])
                at += 1
            at += 1
    return len(found)


def _shares(samples: Sequence[_Sample]) -> dict[str, float]:
    return {name: _common_share(samples, name, common) for name, common in _COMMON.items()}


def _all_decode(samples: Iterable[_Sample], encoding: str) -> bool:
    return all(dbf.decode_text(one.raw, encoding, one.width) is not None for one in samples)


def by_evidence(values: Sequence[tuple[bytes, int]]) -> tuple[str, DecidedBy]:
    """The encoding that (bytes, width of the field) values show; only those beyond ASCII count.

    A value that fills its field may have been cut inside a character; ``UNCUT`` is the width of what cannot be.

    UTF-8 is proof by itself. GBK and Big5 take almost any bytes, so the share of their common
    characters decides: running text has 95 per cent of them, Latin text misread has next to none.
    """
    samples = [_Sample(raw, width) for raw, width in values if not raw.isascii()]
    if not samples:
        return "utf-8", "ascii"
    if _all_decode(samples, "utf-8"):
        return "utf-8", "evidence"
    shares = _shares(samples)
    best = max(shares, key=lambda name: shares[name])  # GB first on a tie
    if shares[best] >= _LIKELY:
        return best, "evidence" if shares[best] >= _SURE else "guess"
    return ("cp1252" if _all_decode(samples, "cp1252") else "latin-1"), "guess"


def _common_share(samples: Sequence[_Sample], encoding: str, is_common: _IsCommon) -> float:
    """Of the characters beyond ASCII the share that is common; 0 where the bytes are no text in this encoding.

    GB18030's characters of four bytes are rare, but nothing else looks like them (byte, digit, byte, digit): they count
    as common.
    """
    if not _all_decode(samples, encoding):
        return 0.0
    common = total = 0
    for sample in samples:
        raw, at = sample.raw, 0
        while at < len(raw) - 1:
            if raw[at] < 0x80:
                at += 1
                continue
            has_four = encoding == "gb18030" and raw[at + 1] in _DIGITS
            common += has_four or is_common(raw[at], raw[at + 1])
            total += 1
            at += 4 if has_four else 2
    return common / total if total else 0.0


def _is_common_gb(lead: int, trail: int) -> bool:
    """GB/T 2312 level 1 (3,755 characters by frequency) and its symbols."""
    return trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3)


def _is_common_big5(lead: int, trail: int) -> bool:
    """Big5 level 1 (5,401 characters by frequency) and its symbols."""
    return 0xA1 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1)


_COMMON: dict[str, _IsCommon] = {"gb18030": _is_common_gb, "cp950": _is_common_big5}


def _samples(table: dbf.Table) -> list[_Sample]:
    """Names, and text values from records spread over the whole table, beyond ASCII only."""
    header = table.header
    samples = [
        _Sample(field.raw_name, dbf.NAME_BYTES)
        for field in header.fields
        if not field.raw_name.isascii()
    ]
    if header.count:
        numbers = np.unique(np.linspace(0, header.count - 1, SAMPLE_RECORDS).astype(int))
        records = table.take(numbers)
        for number, field in enumerate(header.fields):
            if field.code == "C":
                values = set(table.column(records, number))
                samples += [_Sample(raw, field.width) for raw in values if not raw.isascii()]
    return samples


def _shown(table: dbf.Table, names: Sequence[str], encoding: str) -> Iterable[dict[str, Any]]:
    header = table.header
    records = table.take(np.arange(min(SHOWN_RECORDS, header.count)))
    columns = [table.column(records, number) for number in range(len(header.fields))]
    for row in range(len(records)):
        yield {
            name: value_of(column[row], field, encoding)
            for name, column, field in zip(names, columns, header.fields, strict=True)
        }


def value_of(raw: bytes, field: dbf.RawField, encoding: str) -> Any:
    """A value for showing; text that cannot be read has replacement characters."""
    if field.type not in {"text", "other"} or field.code == "M":
        return dbf.plain_value(raw, field)
    text = dbf.decode_text(raw, encoding, field.width)
    return text if text is not None else raw.decode(encoding, "replace").strip()
