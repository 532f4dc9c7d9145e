"""Values that a record might have at a place instead: at the edges of a rule, or none at all."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import inf
from typing import Any

from checker.engine.mutation.steps import moved
from checker.language.nodes import Literal, Node, subtree
from checker.model.frozen import dataclass
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
)

# Stands for a value that is taken out of its record.
MISSING = object()
# A rule that reads more numbers than these, as a large table has them, is tried at the first.
_MOST_NUMBERS = 24
_MOST_TEXTS = 12
# How far a range reaches to either side of an edge, in steps.
_REACH = 5


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What a rule and an example speak of: the edges that matter are among these."""

    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    dates: tuple[datetime.date, ...]


def pool_of(nodes: Iterable[Node], data: Iterable[Any]) -> Pool:
    """Return the numbers, texts and dates of conditions, and of plain data read beside them."""
    numbers: dict[float, None] = {}
    texts: dict[str, None] = {}
    for node in nodes:
        for part in subtree(node):
            if isinstance(part, Literal):
                _collect(part.value, numbers, texts)
            if isinstance(part.type, TextType) and part.type.kind in ("label", "code"):
                texts.update(dict.fromkeys(part.type.choices[:_MOST_TEXTS]))
    for each in data:
        _collect(each, numbers, texts)
    dates = {date: None for text in texts if (date := _date(text)) is not None}
    words = [text for text in texts if _date(text) is None]
    return Pool(tuple(numbers)[:_MOST_NUMBERS], tuple(words), tuple(dates))


def _collect(value: Any, numbers: dict[float, None], texts: dict[str, None]) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        numbers.setdefault(int(value) if float(value).is_integer() else value)
    elif isinstance(value, str):
        texts.setdefault(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            _collect(each, numbers, texts)
    elif isinstance(value, list | tuple):
        for each in value:
            _collect(each, numbers, texts)


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def candidates(type_: Type, raw: Any, pool: Pool) -> Iterator[Any]:
    """Give other values for a place of a type that holds `raw`, or nothing (None)."""
    if raw is not None:
        yield MISSING
    match type_:
        case FlagType():
            yield from (True, False)
        case NumberType() | MoneyType():
            yield from _numbers(type_, raw, pool)
        case DateType():
            yield from _dates(raw, pool)
        case TextType():
            yield from _texts(type_, pool)
        case DistributionType():
            yield from _shares(raw, pool)
        case ListType():
            yield from _lists(type_.item, raw, pool)
        case RecordType(name="ages"):
            yield from _ages(raw, pool)
        case RecordType() | TableType():
            pass


def _numbers(type_: NumberType | MoneyType, raw: Any, pool: Pool) -> Iterator[Any]:
    share = isinstance(type_, NumberType) and type_.unit == "share"
    whole = isinstance(type_, NumberType) and type_.unit in ("count", "days")
    low, high = (0, 1) if share else (type_.low, type_.high)
    step = 0.01 if share else 1
    own = [raw] if isinstance(raw, int | float) and not isinstance(raw, bool) else []
    edges = [n for n in dict.fromkeys([*own, *pool.numbers]) if not whole or float(n).is_integer()]
    near = [each for n in edges for each in (n, *moved(n, step if whole or share else None))]
    yield from (n for n in dict.fromkeys(near) if low <= n <= high and n != raw)
    if type_.ranged:
        for n in edges:
            least, most = max(n - _REACH * step, low), min(n + _REACH * step, high)
            if -inf < least < most < inf:
                yield {"min": round(least, 6), "max": round(most, 6)}


def _dates(raw: Any, pool: Pool) -> Iterator[str]:
    own = _date(raw) if isinstance(raw, str) else None
    days = [n for n in pool.numbers if float(n).is_integer() and 0 < n < 5_000]
    offsets = [0, 1, -1, *(sign * n + by for n in days for sign in (1, -1) for by in (0, 1, -1))]
    found: dict[str, None] = {}
    for date in [*([own] if own else []), *pool.dates]:
        for offset in offsets:
            found.setdefault((date + datetime.timedelta(days=int(offset))).isoformat())
    yield from (date for date in found if date != raw)


def _texts(type_: TextType, pool: Pool) -> Iterator[str]:
    if type_.kind == "code" and type_.choices:
        spoken = [text for text in pool.texts if text in type_.choices]
        others = [text for text in type_.choices if text not in spoken]
        yield from (*spoken[:_MOST_TEXTS], *others[:3])
    else:
        yield from (*pool.texts[:_MOST_TEXTS], "another")


def _shares(raw: Any, pool: Pool) -> Iterator[dict[str, float]]:
    if not isinstance(raw, Mapping) or not raw:
        return
    exact = {key: part for key, part in raw.items() if isinstance(part, int | float)}
    shares = [n for n in pool.numbers if 0 <= n <= 1]
    parts = dict.fromkeys(each for n in shares for each in (n, *moved(n, 0.01)) if 0 <= each <= 1)
    for key in exact:
        for part in parts:
            others = [other for other in exact if other != key]
            # What is left goes to the last of the others, so that the whole stays whole.
            rest = round(1 - part - sum(exact[other] for other in others[:-1]), 6)
            if others and rest >= 0:
                yield {**exact, key: part, others[-1]: rest}
            yield {key: part}
    for key in exact:
        yield {other: part for other, part in exact.items() if other != key}


def _lists(item: Type, raw: Any, pool: Pool) -> Iterator[list[Any]]:
    members = list(raw) if isinstance(raw, list | tuple) else []
    if raw is not None:
        for index in range(len(members)):
            yield [*members[:index], *members[index + 1 :]]
        if members:
            yield [*members, members[-1]]
            yield members[::-1]
    yield []
    if isinstance(item, TextType):
        for text in _texts(item, pool):
            if text not in members:
                yield [text]
                if members:
                    yield [*members, text]


def _ages(raw: Any, pool: Pool) -> Iterator[dict[str, int]]:
    given = dict(raw) if isinstance(raw, Mapping) else {}
    ages = sorted(
        {
            int(age)
            for n in (*pool.numbers, *given.values())
            for age in (n - 1, n, n + 1)
            if 0 <= age <= 120 and float(age).is_integer()
        }
    )
    for age in ages:
        for end in ("min", "max"):
            span = {**given, end: age}
            if span.get("min", 0) <= span.get("max", 120):
                yield span
    yield from ({"min": first, "max": final} for first, final in pairwise(ages))
