"""The domain of single values: a float, a `Range`, a bool, a text, a date or `UNKNOWN`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import repeat
from math import inf, isnan
from typing import Any

from checker.language.operators.domain import TOLERANCE, Each, Joining
from checker.language.operators.lists import contains
from checker.language.operators.shares import AgePlan, share_aged
from checker.language.vocabulary import meets
from checker.model.types import Type
from checker.model.values import UNKNOWN, Distribution, Items, Label, Range, Unknown, Value

Number = float | Range
Truth = bool | Unknown
List = tuple[Value, ...] | Items


_NOTHING = {"add": 0.0, "or": False, "min": inf, "max": -inf}


def near(a: float, b: float) -> bool:
    """Tell whether two floats count as equal: whole numbers exactly, others within the tolerance.

    Nothing is within tolerance of infinity.
    """
    if a == b:
        return True
    difference = abs(a - b)
    if difference == inf or difference > TOLERANCE * max(1.0, abs(a), abs(b)):
        return False
    return not (a % 1 == 0 and b % 1 == 0)


def number(low: float, high: float) -> Number | Unknown:
    """Return the simplest number of two ends: UNKNOWN where both are open."""
    if isnan(low) or isnan(high) or low == inf or high == -inf:
        return UNKNOWN
    if low == high:
        return low
    return UNKNOWN if low == -inf and high == inf else Range(low, high)


def bounds(value: Number) -> tuple[float, float]:
    """Return the low and the high end of a number."""
    return (value.low, value.high) if isinstance(value, Range) else (value, value)


def members(values: List) -> Iterator[tuple[Value, bool]]:
    """Give each member of a list and whether it is surely one."""
    if isinstance(values, Items):
        return zip(values.values, values.certain, strict=True)
    return zip(values, repeat(True), strict=False)


def make_list(found: list[tuple[Value, bool]]) -> List:
    """Make a list of members and whether each is sure."""
    if not found:
        return ()
    values, certain = zip(*found, strict=True)
    return values if all(certain) else Items(values, certain)


class Scalars:
    """Single values; see `Domain`.

    `open_` says that what a word means that nobody knows is left open; else it means nothing else.
    """

    def __init__(self, *, open_: bool = False) -> None:
        self.open = open_

    def ends(self, value: Value) -> tuple[bool, float, float]:
        """Return whether a number is known, and its ends."""
        if value.__class__ is float:
            return True, value, value
        if value is UNKNOWN:
            return False, -inf, inf
        return True, value.low, value.high

    def number(self, known: bool, low: float, high: float) -> Number | Unknown:
        """Return the number with these ends."""
        return number(low, high) if known else UNKNOWN

    def sides(self, value: Value) -> tuple[bool, bool]:
        """Return whether a truth surely holds, and whether it surely does not."""
        return value is True, value is False

    def truth(self, yes: bool, no: bool) -> Truth:
        """Return the truth with these sides."""
        return True if yes else False if no else UNKNOWN

    def same(self, a: Value, b: Value) -> tuple[bool, bool]:
        """Return whether it is known whether a is b, and whether it is; see `vocabulary.meets`."""
        if a is UNKNOWN or b is UNKNOWN:
            return False, False
        if a.__class__ is not Label or b.__class__ is not Label:
            return True, a == b
        found = meets(a.key, b.key, open_=self.open)
        return found is not None, found is True

    def where(self, test: bool, a: Any, b: Any) -> Any:
        """Return a where the test is true, else b."""
        return a if test else b

    def lower(self, a: float, b: float) -> float:
        """Return the lower of two floats."""
        return min(a, b)

    def higher(self, a: float, b: float) -> float:
        """Return the higher of two floats."""
        return max(a, b)

    def invert(self, flag: bool) -> bool:
        """Return true where the flag is false."""
        return not flag

    def near(self, a: float, b: float) -> bool:
        """Tell whether two floats count as equal."""
        return near(a, b)

    def quotient(self, a: float, b: float) -> float:
        """Return a / b, and 0 where b is 0."""
        return a / b if b else 0.0

    def reduce(self, values: List, each: Each, joined: tuple[Joining, ...]) -> tuple[Any, ...]:
        """Return the parts of all members, joined from left to right."""
        found: list[Any] = [_NOTHING[how] for how in joined]
        for value, certain in members(values):
            for place, (how, part) in enumerate(zip(joined, each(value, certain), strict=True)):
                found[place] = _join(how, found[place], part)
        return tuple(found)

    def days(self, value: Value) -> tuple[bool, float]:
        """Return whether a date is known, and its ordinal."""
        return (False, 0) if value is UNKNOWN else (True, value.toordinal())

    def date(self, known: bool, days: float) -> Value:
        """Return the date with an ordinal."""
        return datetime.date.fromordinal(int(days)) if known else UNKNOWN

    def last(self, values: List) -> Value:
        """Return the last member; UNKNOWN of nothing and where it is only possible."""
        if isinstance(values, Items):
            return values.values[-1] if values.certain[-1] else UNKNOWN
        return values[-1] if values else UNKNOWN

    def row(self, table: Value, place: int) -> Value:
        """Return the row at a place; UNKNOWN at -1."""
        return UNKNOWN if place < 0 else table.rows[place]

    def lookup(
        self, index: Mapping[tuple[Value, ...], Value], keys: tuple[Value, ...], type_: Type
    ) -> Value:
        """Return the row with these keys; UNKNOWN where there is none."""
        return index.get(tuple(map(key_of, keys)), UNKNOWN)

    def share_parts(
        self, values: Distribution, keys: List, choices: tuple[str, ...]
    ) -> tuple[bool, float, float, float, bool, bool]:
        """Return what `shares.share` asks of a distribution."""
        settled = isinstance(keys, tuple) and UNKNOWN not in keys
        wanted = {key_of(key) for key, _ in members(keys)} if settled else set()
        shares = values.shares
        names = sorted(shares, key=_ranks(choices).__getitem__) if choices else list(shares)
        inside = {name: self.is_asked(name, wanted) for name in names}
        part = sum_of([shares[name] for name in names if inside[name]])
        maybe = sum_of([shares[name] for name in names if inside[name] is None])
        absent = bool(choices) and all(name in wanted or name in shares for name in choices)
        whole = sum_of([shares[name] for name in names])
        return settled, part, maybe, whole, wanted <= shares.keys(), absent

    def is_asked(self, name: str, wanted: Collection[str]) -> bool | None:
        """Tell whether a key of a distribution is among those that are asked for."""
        if name in wanted or name.__class__ is str:
            return name in wanted
        found = {meets(name, each, open_=self.open) for each in wanted}
        return True if True in found else None if None in found else False

    def share_aged(self, values: Distribution, plan_of: Callable[..., AgePlan]) -> Value:
        """Return the share of a span of ages."""
        plan = plan_of(tuple(values.shares))
        shares = list(values.shares.values())
        low = sum_of([shares[place] for place in plan.order if place in plan.inside])
        high = sum_of([shares[place] for place in plan.order if place in plan.overlapping])
        return share_aged(self, plan, low, high, sum_of(shares))

    def span(self, ages: Mapping[str, Value]) -> tuple[float, float] | None:
        """Return the ends of an age span; None where one is unknown."""
        youngest, oldest = ages.get("min", 0.0), ages.get("max", inf)
        if isinstance(youngest, Unknown) or isinstance(oldest, Unknown):
            return None
        return youngest, oldest

    def overlap(self, first: List, second: List, type_: Type, *, turn: bool = False) -> List:
        """Return the members of the first list that are in the second, each once."""
        if isinstance(first, tuple) and isinstance(second, tuple):
            every = (*first, *second)
            if UNKNOWN not in every and not (every and isinstance(every[0], Label)):
                return tuple(dict.fromkeys([value for value in first if value in second]))
        found: list[tuple[Value, bool]] = []
        place: dict[Value, int] = {}
        for value, certain in members(first):
            inside = contains(self, value, second, numbers=False, turn=turn)
            if inside is False:
                continue
            sure = certain and inside is True
            if value is UNKNOWN or value not in place:
                place.setdefault(value, len(found))
                found.append((value, sure))
            elif sure:
                # Possible before and sure now: it is one member, and it is sure.
                found[place[value]] = (found[place[value]][0], True)
        return make_list(found)


# By identity, since hashing the names of all countries takes longer than a sum.
_RANKS: dict[int, tuple[tuple[str, ...], dict[str, int]]] = {}


def _ranks(choices: tuple[str, ...]) -> dict[str, int]:
    """Return the places of a closed set of keys: they are added up in the schema's order."""
    found = _RANKS.get(id(choices))
    if found is None:
        found = choices, {choice: place for place, choice in enumerate(choices)}
        _RANKS[id(choices)] = found
    return found[1]


def sum_of(values: Iterable[float]) -> float:
    """Add floats from left to right; Python's own `sum` differs between versions."""
    total = 0.0
    for value in values:
        total += value
    return total


def key_of(value: Value) -> Value:
    """Return what a label or a code is looked up by."""
    return value.key if isinstance(value, Label) else value


def _join(how: Joining, so_far: Any, part: Any) -> Any:
    if how == "add":
        return so_far + part
    if how == "or":
        return so_far or part
    return min(so_far, part) if how == "min" else max(so_far, part)


SCALARS = Scalars()
# What judges once more what would fail, so that a word that nobody knows fails nobody.
OPEN_SCALARS = Scalars(open_=True)
