"""One cell of a table to what a field asks for; what cannot be made is told in a sentence."""

import datetime as dt
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PARTS = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_CENT = Decimal("0.01")
_MONEY_LIMIT = Decimal(10) ** 12
_EXACT = 2**53  # what a JSON number holds exactly; NaN is not below it either
_WORDS = {"是": True, "有": True, "否": False, "无": False}


class Unfit(ValueError):
    """The value does not fit; the reason is a sentence, lazy where it can be."""

    def __init__(self, reason: Promise | str) -> None:
        super().__init__(str(reason))
        self.reason = reason


def as_date(value: Any) -> dt.date:
    """From a date, ``20220531``, ``2022-05-31``, ``2022/5/31``, ``2022年5月31日``. Raises Unfit."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = _plain_text(value)
    match = _DIGITS.fullmatch(text) or _PARTS.fullmatch(text)
    try:
        if match is not None:
            return dt.date(*map(int, match.groups()))
    except ValueError:
        pass
    raise Unfit(_("it is no date; expected is one such as 2022-05-31."))


def as_money(value: Any) -> Decimal:
    """An amount with two decimals. Raises Unfit."""
    try:
        amount = Decimal(_plain_text(value))
        if amount.is_finite() and abs(amount) < _MONEY_LIMIT:
            return amount.quantize(_CENT)
    except InvalidOperation:
        pass
    raise Unfit(_("it is no amount of money."))


def as_text(value: Any, longest: int | None) -> str:
    """Text without blanks around it. longest: characters that the field takes. Raises Unfit."""
    if isinstance(value, (list, dict)):
        raise Unfit(_("it is no text."))
    text = _plain_text(value)
    if longest is not None and len(text) > longest:
        raise Unfit(_("it is too long; at most %(limit)s characters.") % {"limit": longest})
    if "\x00" in text:
        raise Unfit(_("it holds a character that cannot be stored."))
    return text


def as_type(value: Any, wanted: object) -> Any:
    """The nearest value of a JSON Schema type; what does not fit stays, for the schema to refuse. Raises Unfit."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit(_("it is no finite number."))
    if isinstance(value, str):
        return _from_text(as_text(value, None), wanted)
    if wanted == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return _plain_text(value)
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if wanted == "boolean" and value in (0, 1):
        return bool(value)
    return value


def _from_text(text: str, wanted: object) -> Any:
    if wanted == "boolean":
        return _WORDS.get(text, text)
    if wanted not in {"integer", "number"}:
        return text
    try:
        number = int(text) if wanted == "integer" else float(text)
    except ValueError:
        return text
    return number if abs(number) <= _EXACT else text


def _plain_text(value: Any) -> str:
    """5.0 in a column of real numbers is the word 5."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
