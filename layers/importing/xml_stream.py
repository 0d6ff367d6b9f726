"""XML from outside as a stream of small trees, in flat memory: no document type, whatever the encoding.

Entities, and with them files, addresses and swelling, need a document type; the first one ends the reading. Expat
knows few encodings, and Chinese programs declare GBK: the text is decoded here and given to it as UTF-8.
Source: XML 1.0, sections 2.8 and 4.3.3.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from layers.importing.encoding import normalise
from layers.importing.problems import Code, ImportRefused, refuse

PROLOGUE_BYTES = 1 << 20
MAX_DEPTH = 100
MAX_TREE_BYTES = 64 << 20  # of text in one tree
_BLOCK = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")


@dataclass(slots=True)
class Tree:
    """An element with what is in it. tag: without its namespace's prefix; text: its own, not its children's."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Tree] = field(default_factory=list)

    def child(self, tag: str) -> Tree | None:
        return next((one for one in self.children if one.tag == tag), None)

    def all(self, tag: str) -> list[Tree]:
        return [one for one in self.children if one.tag == tag]

    def value(self, tag: str) -> str | None:
        """The text of a child, None where it is missing or blank."""
        found = self.child(tag)
        return found.text.strip() or None if found is not None else None


class _HasType(Exception):
    """A document type is there."""


class _Begun(Exception):
    """The root element is there."""


def trees(file: IO[bytes], name: str, wanted: Collection[str]) -> Iterator[Tree]:
    """Each element whose tag is wanted, whole, in the order of the file; none inside another.

    Raises ImportRefused: a document type, no XML, nested too deep, or a tree that is too large.
    """
    grower = _Grower(name, frozenset(wanted))
    for text in _texts(file, name):
        grower.feed(text)
        yield from grower.grown()
    grower.end()
    yield from grower.grown()


def refuse_document_type(file: IO[bytes], name: str) -> None:
    """Read as far as the root element. Raises ImportRefused for a document type, or for what is no XML."""
    parser = _parser()
    parser.StartElementHandler = _raising(_Begun)
    read = 0
    with _refusing(name):
        for text in _texts(file, name):
            try:
                parser.Parse(text, False)
            except _Begun:
                return
            read += len(text)
            if read > PROLOGUE_BYTES:
                break
        raise refuse(Code.DAMAGED_FILE, name, reason="XML")


class _Grower:
    """Collects what stands in a wanted element, and forgets the rest."""

    def __init__(self, name: str, wanted: frozenset[str]) -> None:
        self._name, self._wanted = name, wanted
        self._open: list[Tree] = []
        self._depth = self._size = 0
        self._done: list[Tree] = []
        self._parser = _parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, text: bytes) -> None:
        with _refusing(self._name):
            self._parser.Parse(text, False)

    def end(self) -> None:
        with _refusing(self._name):
            self._parser.Parse(b"", True)

    def grown(self) -> list[Tree]:
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise refuse(Code.DAMAGED_FILE, self._name, reason=f"> {MAX_DEPTH}")
        local = tag.rpartition(":")[2]
        if not self._open and local not in self._wanted:
            return
        tree = Tree(local, attributes)
        if self._open:
            self._open[-1].children.append(tree)
        self._open.append(tree)
        self._grow(len(tag) + 64)

    def _end(self, _tag: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        tree = self._open.pop()
        if not self._open:
            self._done.append(tree)
            self._size = 0

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text
            self._grow(len(text))

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MAX_TREE_BYTES:
            raise refuse(Code.TOO_LARGE, self._name, limit=f"{MAX_TREE_BYTES >> 20} MB")


class _refusing:
    """What expat raises, as a refusal of the file."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: Any, error: BaseException | None, _traceback: Any) -> None:
        if isinstance(error, _HasType):
            raise refuse(Code.DAMAGED_FILE, self._name, reason="<!DOCTYPE>") from error
        if isinstance(error, (expat.ExpatError, UnicodeError)):
            raise refuse(Code.DAMAGED_FILE, self._name, reason="XML") from error


def _parser() -> Any:
    """Takes UTF-8, whatever the declaration says; the first sign of a document type ends it."""
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _raising(_HasType)
    parser.EntityDeclHandler = _raising(_HasType)
    return parser


def _raising(kind: type[Exception]) -> Callable[..., Any]:
    def handler(*_given: Any) -> None:
        raise kind

    return handler


def _texts(file: IO[bytes], name: str) -> Iterator[bytes]:
    """The file in blocks of UTF-8. Raises ImportRefused for an encoding that is none, or that does not fit."""
    head = file.read(_BLOCK)
    encoding = _encoding(head, name)
    if encoding == "utf-8":
        while head:
            yield head
            head = file.read(_BLOCK)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while head:
            yield decoder.decode(head).encode()
            head = file.read(_BLOCK)
        yield decoder.decode(b"", True).encode()
    except UnicodeError as error:
        raise refuse(Code.UNREADABLE_TEXT, name, encoding=encoding) from error


def _encoding(head: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if head[:2] in {b"<\x00", b"\x00<"}:
        return "utf-16-le" if head[:1] == b"<" else "utf-16-be"
    declared = _DECLARED.match(head)
    if declared is None:
        return "utf-8"
    encoding = normalise(declared[1].decode("ascii")) or ""
    if not encoding or encoding.startswith(("utf-16", "utf-32")):
        raise _unreadable(name, declared[1].decode("ascii"))
    return encoding


def _unreadable(name: str, encoding: str) -> ImportRefused:
    return refuse(Code.UNREADABLE_TEXT, name, encoding=encoding)
