"""The columns of a shortlist as CSV, and what one cell says.

A header is the path of a field. The terms of the deal (`fee`, `currency`, `gift_value`,
`deliverables`, `contract.written`, `contract.date`, `state`, `note`) go to the deal, all other
paths to the influencer. In a cell

- blank is missing, and `;` separates the items of a list. Other separators do so where all items
  are words of a vocabulary; labels such as "n/a" say nothing and are blank;
- `400-600` is a range, where the field may be one; `32%` and `0.32` are shares;
- true, false, yes and no are flags;
- deliverables are `post*2;story`: two posts and a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from checker.language.labels import parts_of, says_nothing, separator_in
from checker.language.suggest import nearest
from checker.loading.schemas import definitions
from checker.loading.spelling import code_hint, flag_value, number_hint, share_hint, two_readings
from checker.loading.vocabulary import KnownWords
from checker.model.records import DataPath
from checker.model.types import (
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)

# Compiled by `re` when first used: a table needs few of them.
_BAND = r"[0-9]{1,3}(?:-[0-9]{1,3}|\+)"
_WHOLE = r"-?[0-9]{1,18}"
_NUMBER = r"-?[0-9]{1,18}(?:\.[0-9]+)?"
_PERCENT = r"[0-9]+(?:\.[0-9]+)?%"
_RANGE = r"([0-9]+(?:\.[0-9]+)?%?) ?[-–] ?([0-9]+(?:\.[0-9]+)?%?)"
_LONGEST_HEADER = 300
_DELIVERABLE = r"([a-z_-]+)(?: ?\* ?([0-9]{1,6}))?"


class Column:
    """A column of the table: which record it fills, at which path, with which type."""

    __slots__ = ("name", "part", "path", "type")

    def __init__(
        self, name: str, part: Literal["deal", "influencer"], path: DataPath, type_: Type
    ) -> None:
        self.name = name
        self.part = part
        self.path = path
        self.type = type_


class HeaderError(Exception):
    """A header names no field; carries the message and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class CellError(Exception):
    """A cell cannot be read as its column's type; carries a hint on what to write."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


def column(header: str, types: Mapping[str, RecordType], *, near: bool = True) -> Column:
    """Return the column that a header names.

    Raises HeaderError, with the nearest right one where `near` asks for it.
    """
    if len(header) > _LONGEST_HEADER:
        raise HeaderError(f'"{header}" has {len(header):,} characters; no field has such a name')
    deal, influencer = types["deal"], types["influencer"]
    steps = tuple(header.split("."))
    if steps[0] == "extra":
        return _extra_column(header, steps, types)
    if steps[0] in deal.fields and steps[0] != "influencer":
        return Column(header, "deal", steps, _field_type(header, steps, deal))
    try:
        return Column(header, "influencer", steps, _field_type(header, steps, influencer))
    except LookupError:
        if not near:
            raise HeaderError(f'no field is called "{header}"') from None
        known = [*_paths(influencer), *_paths(deal)]
        alike = nearest(header, known) or nearest(header.replace(" ", "_"), known)
        tails = [path for path in known if path.rpartition(".")[2] == header.casefold()]
        words = " or ".join(f'"{path}"' for path in alike or tails[:3])
        hint = f"Did you mean {words}?" if words else "Headers are names of fields: " + _some(known)
        raise HeaderError(f'no field is called "{header}"', hint) from None


def _extra_column(header: str, steps: DataPath, types: Mapping[str, RecordType]) -> Column:
    parts: tuple[Literal["influencer"], Literal["deal"]] = ("influencer", "deal")
    for part in parts:
        extra = types[part].fields.get("extra")
        if extra is not None and isinstance(extra.type, RecordType) and len(steps) == 2:
            field = extra.type.fields.get(str(steps[1]))
            if field is not None:
                return Column(header, part, steps, field.type)
    return Column(header, "influencer", steps, TextType("plain"))


def _field_type(header: str, steps: tuple[str, ...], record: RecordType) -> Type:
    """Return the type at a path of a record. Raises LookupError or HeaderError."""
    kind: Type = record
    for index, step in enumerate(steps):
        if isinstance(kind, RecordType):
            kind = kind.fields[step].type
        elif isinstance(kind, DistributionType):
            _check_key(header, ".".join(steps[index:]), kind)
            return NumberType("share")
        else:
            raise LookupError(step)
    if isinstance(kind, (RecordType, DistributionType)):
        inner = "18-24" if isinstance(kind, DistributionType) and kind.ages else "NAME"
        if isinstance(kind, RecordType):
            inner = next(iter(kind.fields))
        hint = f'Give each part a column of its own, such as "{header}.{inner}".'
        raise HeaderError(f'"{header}" has several parts', hint)
    deliverables = header == "deliverables"
    if isinstance(kind, ListType) and isinstance(kind.item, RecordType) and not deliverables:
        hint = "Write such an influencer as a JSON or YAML file."
        raise HeaderError(f'"{header}" does not fit into one column', hint)
    return kind


def _check_key(header: str, key: str, kind: DistributionType) -> None:
    if kind.ages:
        if not re.fullmatch(_BAND, key):
            raise HeaderError(f'"{header}" ends in no age band', "Such as 18-24, or 65+.")
    elif kind.keys.choices and key not in kind.keys.choices:
        hint = code_hint(key, kind.keys.choices, _code_name(kind.keys.choices))
        raise HeaderError(f'"{header}" ends in "{key}", which is no code', hint)


def _code_name(choices: tuple[str, ...]) -> str:
    """Return the name of the shared definition that has these codes."""
    named = ((name, schema.get("enum")) for name, schema in definitions().items())
    return next((name for name, codes in named if codes == list(choices)), "")


def _paths(record: RecordType, prefix: str = "") -> Iterator[str]:
    for name, field in record.fields.items():
        if isinstance(field.type, RecordType) and name not in ("influencer", "extra"):
            yield from _paths(field.type, f"{prefix}{name}.")
        elif name != "influencer":
            yield prefix + name


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + " and so on."


def is_blank(text: str, kind: Type) -> bool:
    """Tell whether a cell says nothing, though something is written: "n/a" among labels."""
    if isinstance(kind, ListType):
        return all(is_blank(item, kind.item) for item in _items(text))
    return isinstance(kind, TextType) and kind.kind == "label" and says_nothing(text)


def cell_value(text: str, kind: Type, words: KnownWords, *, header: str = "") -> Any:
    """Return what a cell that is not blank says, as plain data.

    Values out of bounds and codes that do not exist are left to the schema. Raises CellError.
    """
    if header == "deliverables":
        return [_deliverable(item) for item in _items(text)]
    if isinstance(kind, ListType):
        if isinstance(kind.item, TextType) and kind.item.kind == "label":
            return _labels(text, kind.item, words)
        return [cell_value(item, kind.item, words) for item in _items(text)]
    if isinstance(kind, FlagType):
        flag = flag_value(text)
        if flag is None:
            raise CellError("Write true or false.")
        return flag
    if isinstance(kind, (NumberType, MoneyType)):
        return _number(text, kind)
    return text


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


def _labels(text: str, kind: TextType, words: KnownWords) -> list[str]:
    """Return the labels of a cell, in which `;` alone separates words that nobody knows."""
    items = _items(text)
    found = [() if says_nothing(item) else words.items(item, kind) for item in items]
    if all(found) and (";" not in text or all(len(each) == 1 for each in found)):
        return [label for each in found for label in each]
    odd = next(item for item, each in zip(items, found, strict=True) if len(each) != 1)
    parts = [
        part
        for item in items
        if not says_nothing(item)
        for part in words.items(item, kind) or parts_of(item, kind.vocabulary)
        if not says_nothing(part)
    ]
    written = f"Write {';'.join(parts)}."
    if says_nothing(odd):
        raise CellError(f'"{odd}" says nothing. {written}')
    mark = separator_in(odd)
    raise CellError(
        f"A semicolon separates the items of a list; alone in a cell, {mark} does too where every "
        f"item is a known word. {written} If {mark} belongs to a name, make the name a word of a "
        "vocabulary."
    )


def _number(text: str, kind: NumberType | MoneyType) -> Any:
    unit = kind.unit if isinstance(kind, NumberType) else "money"
    if kind.ranged and (span := re.fullmatch(_RANGE, text)):
        low, high = span[1], span[2]
        if high.endswith("%") and not low.endswith("%"):
            low += "%"
        return {"min": _plain_number(low, unit), "max": _plain_number(high, unit)}
    return _plain_number(text, unit, ranged=kind.ranged)


def _plain_number(text: str, unit: str, *, ranged: bool = False) -> Any:
    if unit == "share" and re.fullmatch(_PERCENT, text):
        return text
    if re.fullmatch(_WHOLE, text):
        return int(text)
    # A spreadsheet of many countries writes 1.200 for what others write 1,200.
    unclear = unit == "money" and two_readings(text)
    if unit != "count" and not unclear and re.fullmatch(_NUMBER, text):
        return float(text)
    hint = number_hint(text, whole=unit == "count", ranged=ranged, csv=True)
    if unit == "share":
        hint = share_hint(text, csv=True) or 'Write a share from 0 to 1, or with its sign, "32%".'
    elif not ranged and re.fullmatch(_RANGE, text):
        hint = "This field takes one number, not a range."
    raise CellError(hint or ("Write a whole number." if unit == "count" else "Write a number."))


def _deliverable(text: str) -> dict[str, Any]:
    match = re.fullmatch(_DELIVERABLE, text, re.IGNORECASE)
    if match is None:
        raise CellError("Deliverables are written post*2;story: two posts and a story.")
    item: dict[str, Any] = {"type": match[1].lower()}
    if match[2]:
        item["count"] = int(match[2])
    return item
