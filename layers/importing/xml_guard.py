"""XML from outside is looked at before it is read: no document type, whatever the encoding it hides in.

Entities, and with them files, addresses and swelling, need a document type. The parser that looks stops at the first
element, so it meets no content. Source: XML 1.0, section 2.8: a document type stands before the root element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any
from xml.parsers import expat

from layers.importing.problems import Code, refuse

PROLOGUE_BYTES = 1 << 20
_BLOCK = 1 << 14


class _Begun(Exception):
    """The root element is there."""


class _HasType(Exception):
    """A document type is there."""


def refuse_document_type(file: IO[bytes], name: str) -> None:
    """Read as far as the root element. Raises ImportRefused for a document type, or for what is no XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop_with(_HasType)
    parser.StartElementHandler = _stop_with(_Begun)
    try:
        for _block in range(PROLOGUE_BYTES // _BLOCK):
            data = file.read(_BLOCK)
            parser.Parse(data, not data)
            if not data:
                break
    except _Begun:
        return
    except _HasType as error:
        raise refuse(Code.DAMAGED_FILE, name, reason="<!DOCTYPE>") from error
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise refuse(Code.DAMAGED_FILE, name, reason="XML") from error
    raise refuse(Code.DAMAGED_FILE, name, reason="XML")


def _stop_with(kind: type[Exception]) -> Callable[..., Any]:
    def handler(*_given: Any) -> None:
        raise kind

    return handler
