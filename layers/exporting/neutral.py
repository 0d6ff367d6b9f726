"""Cells that a spreadsheet would run are marked as text, so that every mark can be taken off again."""

import re

# OWASP, "CSV Injection": a cell that begins so may be run as a formula. A text that begins with our mark before such
# a character gets one more, so that taking one off gives back what was there.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
# XML 1.0, section 2.2: characters that no XML document may hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def neutral(text: str) -> str:
    """The text with a leading apostrophe when a spreadsheet would take it for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def xml_text(text: str) -> str:
    """The text without characters that XML forbids."""
    return _ILLEGAL.sub("", text)
