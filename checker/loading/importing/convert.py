"""One value of a provider, read in the unit that the mapping says.

A share stays a share and a percent is divided by 100, whatever the number looks like. A number
that its unit excludes is no outlier to be repaired but a sign of another format.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from checker.loading.importing.private_names import holds_contact
from checker.loading.meaning import MOST_IN_ALL
from checker.loading.spelling import flag_value, number_hint
from checker.model.mappings import MappedUnit, OneValue, Parts

_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,18})?) ?%")
_DATE = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[12][0-9]{3}-[0-9]{2}")
_DATETIME = re.compile(r"([12][0-9]{3}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}.{0,24}")
_LAST_SECOND = 4_102_444_800  # The year 2100: milliseconds are not taken for seconds.


class NotReadableError(Exception):
    """A value is not written as its unit has it; the message goes on from the value's place."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class OtherUnitError(NotReadableError):
    """A value cannot be in its unit at all, so the file is of another format."""


class UnknownWordError(Exception):
    """A word that the mapping and the field do not know; the value counts as missing."""


def shown(value: Any) -> str:
    """Spell a value briefly for a message, unless it is somebody's address."""
    if isinstance(value, str) and holds_contact(value):
        return "an e-mail address"
    if isinstance(value, (dict, list)):
        return "a record" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 40 else text[:36] + '…"'


def number(value: Any, *, whole: bool = False) -> Decimal:
    """Return a number, also one in a text of plain digits. Raises NotReadableError."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        read = Decimal(repr(value))
    elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        read = Decimal(value.strip())
    else:
        hint = (
            number_hint(value, whole=whole, ranged=False, csv=True)
            if isinstance(value, str)
            else ""
        )
        raise NotReadableError(f"is {shown(value)}, which is no number", hint)
    if whole and read != read.to_integral_value():
        raise NotReadableError(f"is {shown(value)}; a count is a whole number")
    return read


def share(value: Any, unit: MappedUnit) -> Decimal:
    """Return a share from 0 to 1. Raises OtherUnitError where a value is no share at all."""
    if isinstance(value, str) and (signed := _PERCENT.fullmatch(value.strip())):
        return Decimal(signed[1]) / 100  # A sign is no guess.
    read = number(value)
    if unit == "percent":
        return read / 100
    if read > Decimal(repr(MOST_IN_ALL)):
        raise OtherUnitError(f"is {shown(value)}; this format has shares from 0 to 1")
    return read


def plain(read: Decimal) -> int | float:
    """Return a number as JSON writes it best: whole ones without a point."""
    return int(read) if read == read.to_integral_value() else float(read)


def day(value: Any, unit: MappedUnit) -> str:
    """Return a date, year-month-day. Raises NotReadableError."""
    if unit == "unix-seconds":
        seconds = number(value)
        if not 0 <= seconds <= _LAST_SECOND:
            raise NotReadableError(f"is {shown(value)}, which is no time in seconds since 1970")
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    text = value.strip() if isinstance(value, str) else ""
    if unit == "month" and _MONTH.fullmatch(text):
        text += "-01"
    elif unit == "datetime" and (moment := _DATETIME.fullmatch(text)):
        text = moment[1]
    elif unit == "month" or not _DATE.fullmatch(text):
        looks = {"month": "2026-03", "datetime": "2026-03-02T08:30:00Z"}.get(unit, "2026-03-02")
        raise NotReadableError(f"is {shown(value)}, which is no {unit}", f"Such as {looks}.")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotReadableError(f"is {shown(value)}; there is no such day") from None


def flag(value: Any) -> bool:
    """Return true or false. Raises NotReadableError."""
    read = flag_value(value) if isinstance(value, str) else value
    if isinstance(read, bool):
        return read
    raise NotReadableError(f"is {shown(value)}; it must be true or false")


def word(value: Any, source: OneValue | Parts, choices: tuple[str, ...]) -> str | None:
    """Return the record's word for a provider's; None where that means that it is not known.

    Raises UnknownWordError for a word that is none of `choices` (where there are any).
    """
    if isinstance(value, (dict, list)):
        raise NotReadableError(f"is {shown(value)}; it must be a text")
    text = str(value).strip() if not isinstance(value, bool) else str(value).lower()
    if source.unit == "web-host":
        text = _host(text)
    if text in source.codes:
        return source.codes[text]
    if source.case:
        text = text.upper() if source.case == "upper" else text.lower()
    if choices and text not in choices:
        raise UnknownWordError(text)
    return text


def _host(text: str) -> str:
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


def cut_range(read: int, digits: int) -> int | dict[str, int]:
    """Return what a count may be that was cut to its first `digits` digits."""
    step = 10 ** max(len(str(abs(read))) - digits, 0)
    if step == 1 or read <= 0:
        return read
    if read % step:
        return read  # It has more digits: it was not cut.
    return {"min": read, "max": read + step - 1}


def single(value: Any, unit: MappedUnit) -> Any:
    """Return a value that is no text, as the record has it. Raises NotReadableError."""
    match unit:
        case "flag":
            return flag(value)
        case "count":
            return int(number(value, whole=True))
        case "number" | "money":
            return plain(number(value))
        case "share" | "percent":
            return float(share(value, unit))
        case _:
            return day(value, unit)
