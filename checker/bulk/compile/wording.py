"""Values written for people in SQL, as `checker.language.format` writes them.

What is hard and rare is left to the evaluator: `hand` is SQL that tells for which rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import inf

from checker.bulk.compile.choices import Tools
from checker.bulk.compile.lists import as_list, is_known, iterable
from checker.bulk.compile.numbers import as_number
from checker.bulk.compile.sql import (
    FALSE,
    TRUE,
    both,
    cases,
    either,
    is_local,
    known,
    negated,
    picked,
    possibly,
    surely,
    unknown,
)
from checker.bulk.compile.texts import as_day, as_text, as_truth
from checker.bulk.compile.values import FixedList, Known, Number, Pick, RowList, Shares, Val
from checker.bulk.quote import number_of, text_of
from checker.language import format as plain_format
from checker.language.format import write
from checker.model.types import FlagType, ListType, TextType, Type
from checker.model.values import UNKNOWN, Label, Value

NUMERIC = ("percent", "number", "money")
_LIST_OF = "list of "
_NOT_KNOWN = "'not known'"
# What Python's split takes for a space.
_SPACES = (
    "[\\s\\x0b\\x1c-\\x1f\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"
    "\\x{205f}\\x{3000}]+"
)
_INF = number_of(inf)


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """SQL of a text; where `hand` is true the evaluator must word it.

    `plain` is the text where no row changes it; `spaced` says that it may hold runs of spaces.
    """

    sql: str
    hand: str = FALSE
    plain: str | None = None
    spaced: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A value to be written: `hand` is set where it cannot be."""

    value: Val
    format: str
    type: Type


class Writer:
    """Writes compiled values in the brief's currency."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.currency = tools.context.currency

    def write_alike(self, slots: list[Slot]) -> list[Worded]:
        """Write several values; those of one format that differ are told apart, or left."""
        made = []
        for slot in slots:
            if slot.format not in NUMERIC:
                made.append(self.write(slot))
                continue
            rivals = [each for each in slots if each.format == slot.format]
            made.append(self._told_apart(slot, rivals, self._first(slot.format, rivals)))
        return made

    def _told_apart(self, slot: Slot, rivals: list[Slot], digits: int) -> Worded:
        """Write a number, with a digit more where values that differ would be written alike.

        What needs still more digits is left to the evaluator.
        """
        columns = self.tools.columns
        mixed = columns.share(self._mixed(rivals, digits))
        first = self._number(slot, digits, mixed)
        if mixed == FALSE or is_local(mixed):
            return first
        with columns.guarded(mixed):
            longer = self._text(slot, digits + 1)
            still = columns.share(self._mixed(rivals, digits + 1))
        return Worded(cases([(mixed, longer)], first.sql), both(mixed, still))

    def _first(self, format_: str, rivals: list[Slot]) -> int:
        """Return the digits that tell the values apart that are known beforehand."""
        fixed = [(each.value.value, format_) for each in rivals if isinstance(each.value, Known)]
        found = plain_format.digits_to_tell([v for v, _ in fixed], format_, self.currency)
        return self.least_digits(format_) if found is None else found

    def least_digits(self, format_: str) -> int:
        """Return how many digits a format has at first."""
        return plain_format.first_digits(format_, self.currency)

    def _mixed(self, rivals: list[Slot], digits: int) -> str:
        """Return whether two values that differ would be written alike."""
        return either(
            *(self._alike(a, b, digits) for a, b in combinations(rivals, 2) if a is not b)
        )

    def _alike(self, a: Slot, b: Slot, digits: int) -> str:
        if isinstance(a.value, Known) and isinstance(b.value, Known):
            return FALSE
        x, y = as_number(a.value), as_number(b.value)
        if (x.low, x.high) == (y.low, y.high):
            return FALSE
        same = _same(x.low, y.low)
        if not (x.exact and y.exact):
            exact = f"({x.low} = {x.high} AND {y.low} = {y.high})"
            same = either(f"({x.low} = {y.low} AND {x.high} = {y.high})", both(exact, same))
        texts = f"({self._text(a, digits)} = {self._text(b, digits)})"
        there = both(known(x.low), known(y.low))
        # Texts are dear, and only numbers near each other are written alike.
        step = number_of(2.0 * 10.0 ** -(digits + 2 if a.format == "percent" else digits))
        near = f"(abs({x.low} - {y.low}) <= {step} OR abs({x.low}) = {_INF} OR abs({x.low}) > 1e12)"
        return surely(cases([(near, both(there, negated(same), texts))], FALSE))

    def write(self, slot: Slot) -> Worded:
        """Write one value with the digits that its format has at first."""
        value, format_ = slot.value, slot.format
        if isinstance(value, Known):
            plain = write(value.value, format_, currency=self.currency)
            return Worded(text_of(plain), plain=plain)
        if format_ in NUMERIC:
            return self._number(slot, self.least_digits(format_), FALSE)
        if isinstance(slot.type, ListType):
            spaced = isinstance(slot.type.item, TextType)
            return Worded(self._list(value, format_, slot.type.item), spaced=spaced)
        if isinstance(value, Shares):
            return Worded(_NOT_KNOWN, known(value.sql))
        if format_ == "date":
            return Worded(f"coalesce({as_day(value)}::VARCHAR, {_NOT_KNOWN})")
        if isinstance(slot.type, FlagType):
            flag = as_truth(value).sql
            return Worded(cases([(flag, "'yes'"), (negated(flag), "'no'")], _NOT_KNOWN))
        if isinstance(slot.type, TextType):
            spaced = not isinstance(value, Pick) or not all(map(_is_tidy, value.values))
            return Worded(f"coalesce({as_text(value)}, {_NOT_KNOWN})", spaced=spaced)
        return Worded(_NOT_KNOWN, TRUE)

    def _number(self, slot: Slot, digits: int, hand: str) -> Worded:
        sql = self._text(slot, digits)
        # A text that rests on how another is written is not known beforehand.
        fixed = isinstance(slot.value, Known) and hand == FALSE
        plain = self._known(slot, digits) if fixed else None
        return Worded(sql, hand, plain)

    def _known(self, slot: Slot, digits: int) -> str:
        assert isinstance(slot.value, Known)
        return write(slot.value.value, slot.format, currency=self.currency, digits=digits)

    def _text(self, slot: Slot, digits: int) -> str:
        """Return a number as text, with up to some digits."""
        if isinstance(slot.value, Known):
            return text_of(self._known(slot, digits))
        if isinstance(slot.value, Pick):
            return self._picked(slot.value, slot.format, digits)
        return self.tools.columns.share(self.number(as_number(slot.value), slot.format, digits))

    def _picked(self, pick: Pick, format_: str, digits: int) -> str:
        def text(value: Value) -> str:
            return text_of(write(value, format_, currency=self.currency, digits=digits))

        return picked(pick.index, map(text, pick.values), _NOT_KNOWN)

    def number(self, number: Number, format_: str, digits: int) -> str:
        """Return a number or a range as text."""
        prefix = text_of(f"{self.currency} ") if format_ == "money" and self.currency else ""
        suffix = "'%'" if format_ == "percent" else ""
        least = self.least_digits(format_) if format_ == "money" else 0
        signed = number.least < 0
        share = self.tools.columns.share
        ends = [
            share(_digits(e, format_, digits, least, signed)) for e in (number.low, number.high)
        ]

        def whole(*parts: str) -> str:
            return " || ".join(part for part in (prefix, *parts) if part)

        if number.exact:
            return f"coalesce({whole(ends[0], suffix)}, {_NOT_KNOWN})"
        low, high = ends
        return cases(
            [
                (f"({number.high} = {_INF})", f"({whole(low, suffix, text_of(' or more'))})"),
                (f"({number.low} = -{_INF})", f"({whole(high, suffix, text_of(' or less'))})"),
                (f"({number.low} = {number.high})", f"({whole(low, suffix)})"),
                (f"({low} = {high})", f"({whole(low, suffix)})"),
                (known(number.low), f"({whole(low, text_of('–'), high, suffix)})"),
            ],
            _NOT_KNOWN,
        )

    def _list(self, value: Val, format_: str, item: Type) -> str:
        """Write a list: "a, b and c"; members that are only possible get a question mark."""
        listed = as_list(value)
        if listed is None:
            return _NOT_KNOWN
        inner = format_.removeprefix(_LIST_OF) if format_.startswith(_LIST_OF) else ""
        words = self._words(iterable(self.tools, listed), inner, item)
        made = self.tools.columns.once(words, lambda x: joined(x, "and"))
        return cases([(is_known(listed), made)], _NOT_KNOWN)

    def _words(self, listed: FixedList | RowList, inner: str, item: Type) -> str:
        def word(value: Val, keep: str) -> str:
            text = self.write(Slot(value, inner or _plain_format(item), item)).sql
            return (
                text if keep == TRUE else f"{text} || {cases([(unknown(keep), _QUESTION)], _EMPTY)}"
            )

        if isinstance(listed, FixedList):
            parts = [cases([(possibly(k.sql), word(m, k.sql))], "NULL") for m, k in listed.members]
            if not parts:
                return "[]::VARCHAR[]"
            name = self.tools.columns.variable()
            made = f"[{', '.join(parts)}]"
            return f"list_filter({made}, lambda {name}: {name} IS NOT NULL)"
        name = self.tools.columns.variable()
        member, keep = listed.member(name)
        kept = (
            listed.source
            if keep.sql == TRUE
            else (f"list_filter({listed.source}, lambda {name}: {possibly(keep.sql)})")
        )
        return f"list_transform({kept}, lambda {name}: {word(member, keep.sql)})"


_QUESTION, _EMPTY = "'?'", "''"


def _plain_format(item: Type) -> str:
    return (
        "number"
        if plain_format.default_format(item) in NUMERIC
        else (plain_format.default_format(item))
    )


def _same(a: str, b: str) -> str:
    """Return whether two exact numbers are equal within the tolerance."""
    return f"(abs({a} - {b}) <= '1e-9'::DOUBLE * greatest(1.0, abs({a}), abs({b})))"


def joined(words: str, last: str) -> str:
    """Return a list of texts as one: "a, b and c"; "none" of nothing."""
    words = f"({words})"
    rest = f"array_to_string({words}[:-2], ', ') || ' {last} ' || {words}[-1]"
    return f"CASE len({words}) WHEN 0 THEN 'none' WHEN 1 THEN {words}[1] ELSE {rest} END"


def _digits(value: str, format_: str, digits: int, least: int, signed: bool) -> str:
    """Write a number with up to `digits` after the point: none, or `least` or more."""
    # Adding 0 makes 0 of -0.
    scaled = f"({value} * 100.0::DOUBLE + 0)" if format_ == "percent" else f"({value} + 0)"
    text = f"format('{{:,.{digits}f}}', {scaled})"
    if digits and not least:
        text = f"rtrim(rtrim({text}, '0'), '.')"
    elif digits:
        text = f"regexp_replace({text}, '\\.0{{{digits}}}$', '')"
        if digits > least:
            # Digits beyond the least that a currency has lose their zeros.
            text = f"regexp_replace({text}, '(\\.\\d{{{least},}}?)0+$', '\\1')"
    return f"regexp_replace({text}, '^-0$', '0')" if signed else text


def tidy(text: str) -> str:
    """Return a text with each run of spaces made one, and none at the ends."""
    return f"trim(regexp_replace({text}, {text_of(_SPACES)}, ' ', 'g'))"


def _is_tidy(value: Value) -> bool:
    text = value.text if isinstance(value, Label) else value
    return text is UNKNOWN or (bool(text) and " ".join(text.split()) == text)
