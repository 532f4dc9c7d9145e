"""How values are written for people: percent, numbers, money, ages, lists, dates, text."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from math import inf, isinf

from checker.language.operators.scalars import near
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from checker.model.values import UNKNOWN, Distribution, Items, Label, Range, Value

FORMATS = ("percent", "number", "money", "ages", "list", "date", "text")

# Digits after the point: how many at first, and how many at most to tell two values apart.
_FIRST_DIGITS = {"percent": 1, "number": 2, "money": 2}
# The currencies that do not have two: minor units of ISO 4217, list one.
_MINOR_UNITS = {
    code: digits
    for digits, codes in (
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    )
    for code in codes.split()
}
_MOST_DIGITS = 9
# A list of numbers writes each of them in its own format.
_LIST_OF = "list of "


def default_format(type_: Type) -> str:
    """Return the format that a type is written in where a template names none."""
    match type_:
        case NumberType():
            return "percent" if type_.unit == "share" else "number"
        case MoneyType():
            return "money"
        case RecordType(name="ages"):
            return "ages"
        case ListType():
            inner = default_format(type_.item)
            return f"{_LIST_OF}{inner}" if inner in _FIRST_DIGITS else "list"
        case DateType():
            return "date"
    return "text"


def fits(format_: str, type_: Type) -> bool:
    """Tell whether a value of a type can be written in a format."""
    match format_:
        case "percent" | "number":
            return isinstance(type_, NumberType)
        case "money":
            return isinstance(type_, MoneyType)
        case "ages":
            return isinstance(type_, RecordType) and type_.name == "ages"
        case "list":
            return isinstance(type_, ListType) and not isinstance(type_.item, RecordType | ListType)
        case "date":
            return isinstance(type_, DateType)
        case _:
            written = isinstance(type_, TextType | FlagType | DistributionType)
            return written and default_format(type_) == "text"


def write(value: Value, format_: str, *, currency: str = "", digits: int | None = None) -> str:
    """Write one value. `currency` is the brief's; `digits` are kept after the point at most."""
    if value is UNKNOWN:
        return "not known"
    if format_ in _FIRST_DIGITS:
        first = first_digits(format_, currency)
        return _write_number(value, format_, currency, first if digits is None else digits)
    if format_.startswith(_LIST_OF):
        inner = format_.removeprefix(_LIST_OF)
        return write_list(value, lambda member: write(member, inner, currency=currency))
    return _WRITERS[format_](value)


def write_alike(values: Sequence[tuple[Value, str]], *, currency: str = "") -> list[str]:
    """Write several values so that those of one format that differ can be told apart.

    49.6% against 50% gains digits; what is equal, or told apart already, does not.
    """
    written: list[str] = []
    for value, format_ in values:
        rivals = [other for other, its in values if its == format_]
        digits = digits_to_tell(rivals, format_, currency)
        written.append(write(value, format_, currency=currency, digits=digits))
    return written


def first_digits(format_: str, currency: str) -> int:
    """Return how many digits a format has after the point at first."""
    digits = _FIRST_DIGITS[format_]
    return _MINOR_UNITS.get(currency, digits) if format_ == "money" else digits


def digits_to_tell(values: list[Value], format_: str, currency: str) -> int | None:
    """Return the digits with which values of a format that differ are told apart."""
    if format_ not in _FIRST_DIGITS:
        return None
    known = [value for value in values if value is not UNKNOWN]
    first = first_digits(format_, currency)
    for digits in range(first, _MOST_DIGITS + 1):
        texts = [_write_number(value, format_, currency, digits) for value in known]
        if all(
            texts[i] != texts[j] or _same(known[i], known[j])
            for i in range(len(known))
            for j in range(i)
        ):
            return digits
    return first


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, Range) or isinstance(b, Range):
        return bool(a == b)
    return near(a, b)


def _write_number(value: Value, format_: str, currency: str, digits: int) -> str:
    prefix = f"{currency} " if format_ == "money" and currency else ""
    suffix = "%" if format_ == "percent" else ""
    scale = 100.0 if format_ == "percent" else 1.0
    least = first_digits(format_, currency) if format_ == "money" else 0
    if not isinstance(value, Range):
        return f"{prefix}{_digits(value * scale, digits, least)}{suffix}"
    low, high = (
        "" if isinf(end) else _digits(end * scale, digits, least) for end in (value.low, value.high)
    )
    if not high:
        return f"{prefix}{low}{suffix} or more"
    if not low:
        return f"{prefix}{high}{suffix} or less"
    return f"{prefix}{low}{suffix}" if low == high else f"{prefix}{low}–{high}{suffix}"


def _digits(value: float, digits: int, least: int) -> str:
    """Write a number with up to `digits` after the point: none, or `least` or more."""
    text = f"{value:,.{digits}f}"
    if "." in text:
        whole, _, part = text.partition(".")
        part = part.rstrip("0")
        if part:
            part = part.ljust(least, "0")
        text = f"{whole}.{part}" if part else whole
    return "0" if text.strip("-0.") == "" else text


def write_ages(value: Mapping[str, Value]) -> str:
    """Write an age span: "18–34", "18 and over", "up to 17"."""
    youngest, oldest = value.get("min", 0.0), value.get("max", inf)
    if youngest is UNKNOWN or oldest is UNKNOWN:
        return "not known"
    if oldest == inf:
        return f"{youngest:.0f} and over" if youngest else "any age"
    if not youngest:
        return f"up to {oldest:.0f}"
    return f"{youngest:.0f}" if youngest == oldest else f"{youngest:.0f}–{oldest:.0f}"


def write_list(value: Value, write_member: Callable[[Value], str] | None = None) -> str:
    """Write a list: "a, b and c"; members that are only possible get a question mark."""
    write_member = write_member or write_text
    members = value.values if isinstance(value, Items) else value
    certain = value.certain if isinstance(value, Items) else (True,) * len(members)
    words = [
        write_member(member) + ("" if sure else "?")
        for member, sure in zip(members, certain, strict=True)
    ]
    if not words:
        return "none"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def write_text(value: Value) -> str:
    """Write any value plainly."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float() | Range():
            return write(value, "number")
        case Label():
            return value.text
        case Distribution():
            return ", ".join(
                f"{key} {write(part, 'percent')}" for key, part in value.shares.items()
            )
        case Items() | tuple():
            return write_list(value)
        case dict():
            return ", ".join(f"{key} {write_text(part)}" for key, part in value.items())
        case datetime.date():
            return value.isoformat()
    return "not known" if value is UNKNOWN else str(value)


_WRITERS: Mapping[str, Callable[[Value], str]] = {
    "ages": write_ages,
    "list": write_list,
    "date": write_text,
    "text": write_text,
}
