"""Changes of one field that may make a rule pass, the smallest first, and the words for them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil, floor, inf, isfinite
from typing import Any

from checker.engine.places import raw_at
from checker.language.format import write
from checker.language.operators.shares import band_ages
from checker.language.trace import Step
from checker.model.frozen import dataclass
from checker.model.types import (
    DateType,
    DistributionType,
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from checker.model.values import Distribution, Items, Label, Range, Value

_MOST_CHOICES = 12
# Tables begin with the words that serve best.
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new value of a field, as plain JSON. `added` and `removed` are members of a list."""

    value: Any
    added: str = ""
    removed: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What a rule read or computed, by kind: where its thresholds and its choices come from."""

    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    dates: tuple[datetime.date, ...]
    ages: tuple[tuple[float, float], ...]  # First age of a band, and first beyond it.
    youngest: int  # The last age of the youngest band that vendors report; 0 where none was read.

    @staticmethod
    def of(steps: Iterable[Step]) -> Pool:
        """Collect from the steps of a traced run."""
        numbers: dict[float, None] = {}
        texts: dict[str, None] = {}
        dates: dict[datetime.date, None] = {}
        ages: dict[tuple[float, float], None] = {}
        youngest = 0
        for step in steps:
            for value in members(step.value):
                if isinstance(value, bool):
                    continue
                if isinstance(value, float):
                    numbers.setdefault(value)
                elif isinstance(value, Range):
                    numbers.update(dict.fromkeys((value.low, value.high)))
                elif isinstance(value, str):
                    texts.setdefault(value)
                elif isinstance(value, Label):
                    texts.setdefault(value.text)
                elif isinstance(value, datetime.date):
                    dates.setdefault(value)
            if isinstance(step.value, Distribution):
                aged = isinstance(step.node.type, DistributionType) and step.node.type.ages
                youngest = max(youngest, getattr(step.node.type, "lowest_to", 0))
                kept = sorted(step.value.shares.items(), key=lambda each: -each[1])
                for key, _ in kept:
                    if aged:
                        ages.setdefault(band_ages(key))
                    else:
                        texts.setdefault(key)
        return Pool(tuple(numbers), tuple(texts), tuple(dates), tuple(sorted(ages)), youngest)


def members(value: Value) -> Iterator[Value]:
    """Yield a value, or what a list of values holds, however deep."""
    if isinstance(value, Items):
        value = value.values
    if isinstance(value, tuple):
        for member in value:
            yield from members(member)
    else:
        yield value


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a rule asks of a text: words that it looks for in it, and texts that it compares."""

    words: Sequence[str] = ()
    texts: Sequence[str] = ()


def proposals(field: Field, now: Any, pool: Pool, wanted: Wanted) -> Iterator[Proposal]:
    """Yield new values for a field that has the plain value `now`, None where it is missing."""
    type_ = field.type
    match type_:
        case FlagType():
            yield from (Proposal(flag) for flag in (True, False) if flag is not now)
        case NumberType() | MoneyType():
            yield from _numbers(type_, now, pool)
        case DateType():
            yield from _dates(now, pool)
        case TextType():
            yield from _texts(type_, now, wanted)
        case ListType(item=TextType() as item):
            yield from _lists(item, now or [], pool)
        case ListType():
            yield from _fewer(now or [])
        case RecordType(name="ages"):
            yield from _ages(now or {}, pool)


def _numbers(type_: NumberType | MoneyType, now: Any, pool: Pool) -> Iterator[Proposal]:
    whole = isinstance(type_, NumberType) and type_.unit in ("count", "days")
    step = step_of(type_)
    start = start_of(now) or 0.0
    near = sorted(
        {
            value
            for base in pool.numbers
            for value in (base, base + step, base - step)
            if _allowed(type_, value) and (not whole or value.is_integer())
        },
        key=lambda value: (abs(value - start), value),
    )
    yield from (Proposal(_plain(value)) for value in near if value != now)


def _allowed(type_: Type, value: float) -> bool:
    assert isinstance(type_, NumberType | MoneyType)
    # Nobody works for a fee of 0, and a share of 0 asks for nothing: neither is a way out.
    nothing = value < 0.01 and (isinstance(type_, MoneyType) or type_.unit == "share")
    return isfinite(value) and type_.low <= value <= type_.high and not nothing


def start_of(now: Any) -> float | None:
    """Return the number that a field has, of a range its upper end; None where it has none."""
    if isinstance(now, Mapping):
        now = now.get("max")
    return float(now) if isinstance(now, int | float) else None


def step_of(type_: NumberType | MoneyType) -> float:
    """Return by how much a number is moved: shares by one percent."""
    return 0.01 if isinstance(type_, NumberType) and type_.unit == "share" else 1.0


def _dates(now: Any, pool: Pool) -> Iterator[Proposal]:
    """Yield the dates that a rule read, and the days around them, the nearest first."""
    read = [date.toordinal() for date in pool.dates]
    days = dict.fromkeys(day + away for away in (0, 1, -1) for day in read)
    possible = [day for day in days if 1 <= day <= datetime.date.max.toordinal()]
    if now is not None:
        start = datetime.date.fromisoformat(now).toordinal()
        possible.sort(key=lambda day: abs(day - start))
    found = (datetime.date.fromordinal(day).isoformat() for day in possible)
    yield from (Proposal(date) for date in found if date != now)


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _texts(type_: TextType, now: Any, wanted: Wanted) -> Iterator[Proposal]:
    """Yield texts with a word that a rule looks for, or those that it compares the text with.

    No other text is an answer: what else a rule read is about something else.
    """
    text = str(now or "")
    for word in wanted.words[:_MOST_WORDS]:
        start = word if word.startswith("#") else f"{word[:1].upper()}{word[1:]}:"
        yield Proposal(f"{start} {text}".rstrip(), start=start)
    known = set(type_.choices)
    for other in wanted.texts[:_MOST_CHOICES]:
        if other != now and (not known or other in known):
            yield Proposal(other)


def _lists(item: TextType, now: list[str], pool: Pool) -> Iterator[Proposal]:
    known = set(item.choices)
    for text in pool.texts:
        if text not in now and (not known or text in known):
            yield Proposal([*now, text], added=text)
    if len(now) > 1:
        for text in now:
            yield Proposal([other for other in now if other != text], removed=text)


def _fewer(now: list[Any]) -> Iterator[Proposal]:
    """Yield lists of deliverables with one thing less: a smaller count, or none of a kind."""
    for at, member in enumerate(now):
        count = member.get("count") if isinstance(member, dict) else None
        if isinstance(count, int) and count > 1:
            for fewer in range(count - 1, 0, -1):
                less = {**member, "count": fewer}
                words = f"{_several(fewer, member)} instead of {count}"
                yield Proposal([*now[:at], less, *now[at + 1 :]], added=words)
        if len(now) > 1 and isinstance(member, dict):
            yield Proposal([*now[:at], *now[at + 1 :]], removed=_name(member) or str(at + 1))


def _name(member: Mapping[str, Any]) -> str:
    """Return what a member of a list is called: the first text in it, as "reel" or "macro"."""
    return next((value for value in member.values() if isinstance(value, str)), "")


def _several(count: int, member: Mapping[str, Any]) -> str:
    name = str(member.get("type", ""))
    if name and count > 1:
        name = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{count} {name}".strip()


def _ages(now: Mapping[str, Any], pool: Pool) -> Iterator[Proposal]:
    """Yield spans of ages that begin or end where a band does, the nearest first.

    A target that begins above the youngest band, which is minors, is not led down into it.
    """
    low, high = now.get("min"), now.get("max")
    firsts = {*(int(first) for first, _ in pool.ages), low}
    lasts = {*(int(beyond) - 1 for _, beyond in pool.ages if isfinite(beyond)), high}
    numbers = {int(value) for value in pool.numbers if value.is_integer() and 13 <= value <= 120}
    spans = {
        (first, last)
        for first in firsts | numbers
        for last in lasts | numbers
        if (first, last) != (low, high)
        and (first is None or last is None or first <= last)
        and ((low or 0) <= pool.youngest or (first or 0) > pool.youngest)
        # What shares no age with the brief's target is another target.
        and (first or 0) <= (inf if high is None else high)
        and (low or 0) <= (inf if last is None else last)
    }

    def size(span: tuple[int | None, int | None]) -> tuple[float, ...]:
        first, last = span
        begins = abs((first or 0) - (low or 0))
        ends = abs((last or 0) - (high or 0))
        return (begins + ends, begins, ends, first or 0)

    for first, last in sorted(spans, key=size):
        ends = {"min": first, "max": last}
        yield Proposal({name: end for name, end in ends.items() if end is not None})


def meeting_point(
    difference: Callable[[float], float | None], now: float, field: Field, *, missing: bool
) -> Iterator[Proposal]:
    """Yield round values near where a difference, linear in the field, is 0."""
    here = difference(now)
    step = max(1.0, abs(now) * 0.01) if now > 1 else 0.01
    there = difference(now + step)
    if here is None or there is None or here == there:
        return
    target = now - here * step / (there - here)
    share = isinstance(field.type, NumberType) and field.type.unit == "share"
    whole = isinstance(field.type, NumberType) and field.type.unit in ("count", "days")
    for value in _rounded(target, now, 100.0 if share else 1.0, only_whole=whole):
        if _allowed(field.type, value) and (missing or value != now):
            yield Proposal(_plain(value))


def _rounded(target: float, now: float, whole: float, *, only_whole: bool) -> Iterator[float]:
    """Give the target in round figures, away from the present value so that it still passes.

    `whole` says what a round figure is: 1 for amounts, 100 for shares, which are percents.
    """
    towards = ceil if target > now else floor
    for scale in (whole,) if only_whole else (whole, whole * 100.0, whole * 10_000.0):
        # A hair of tolerance keeps 480.0000001 from becoming 481.
        hair = -1e-6 if target > now else 1e-6
        yield towards(target * scale + hair) / scale
    step = 1.0 if target > now else -1.0
    yield (towards(target * whole) + step) / whole
    if not only_whole:
        yield target


def words_of(change: Proposal, bound: str, field: Field, data: Mapping[str, Any]) -> str:
    """Return a change in words: "fee at most GBP 480", "tiers with macro added".

    `bound` says how far a number may go on, "at most", "at least" or "of"; or a date, "later".
    """
    title, value = field.title, change.value
    if change.start:
        return f'{title} starting with "{change.start}"'
    if change.removed:
        return f"{title} without {change.removed}"
    if change.added and isinstance(value, list):
        is_text = isinstance(field.type, ListType) and isinstance(field.type.item, TextType)
        return f"{title} with {change.added}{' added' if is_text else ''}"
    if isinstance(value, bool):
        return f"{title}: {'yes' if value else 'no'}"
    if isinstance(field.type, NumberType | MoneyType):
        return f"{title} {bound} {_amount(value, field, data)}"
    if isinstance(field.type, DateType) and bound:
        return f"{title} {value} or {bound}"
    if isinstance(field.type, RecordType):
        first, last = value.get("min"), value.get("max")
        span = f"{first}–{last}" if first and last else f"{first} and over"
        return f"{title} {span if first else f'up to {last}'}"
    return f"{title} {value}"


def _amount(value: float, field: Field, data: Mapping[str, Any]) -> str:
    if isinstance(field.type, MoneyType):
        currency = raw_at(data, field.currency) or ""
        return write(float(value), "money", currency=str(currency))
    unit = field.type.unit if isinstance(field.type, NumberType) else "number"
    return write(float(value), "percent" if unit == "share" else "number", digits=4)
