"""What each function computes: one small function each, in one table.

A function gets its arguments' values and the call's node. `STRICT` functions never see
UNKNOWN: with an unknown argument they are unknown. A list is a tuple, or `Items` where some
members are only possible; any member may be UNKNOWN.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from math import inf

from checker.bulk.meaning import distributions, numbers
from checker.bulk.meaning.numbers import Number, Truth, number
from checker.language.context import TableValue
from checker.language.mentions import mentions
from checker.language.nodes import Call
from checker.language.operators.scalars import key_of
from checker.model.types import DistributionType, ListType, MoneyType, NumberType
from checker.model.values import UNKNOWN, Distribution, Items, Label, Range, Unknown, Value

List = tuple[Value, ...] | Items


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


def _settled(values: List) -> list[Value] | Unknown:
    """Return the members where all are sure and known, else UNKNOWN."""
    if isinstance(values, Items) or any(value is UNKNOWN for value in values):
        return UNKNOWN
    return list(values)


def equal(a: Value, b: Value) -> Truth:
    """Tell whether two values of one type are equal."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return UNKNOWN
    if isinstance(a, float | Range):
        return numbers.is_equal(a, b)
    return bool(a == b)


def contains(item: Value, values: List) -> Truth:
    """Tell whether `item` is in a list; nothing is in an empty one."""
    if isinstance(values, tuple) and not isinstance(item, float | Range | Unknown):
        # Texts and dates compare exactly, as Python's own `in` does.
        return True if item in values else UNKNOWN if UNKNOWN in values else False
    found: Truth = False
    for value, certain in members(values):
        same = equal(item, value)
        if same is True and certain:
            return True
        if same is not False:
            found = UNKNOWN
    return found


def total(call: Call, values: List) -> Number | Unknown:
    """Add up from left to right; a possible member adds between 0 and itself."""
    item = call.arguments[0].type
    assert isinstance(item, ListType) and isinstance(item.item, NumberType | MoneyType)
    never_negative = item.item.low >= 0
    low, high = 0.0, 0.0
    for value, certain in members(values):
        if isinstance(value, Unknown):
            if not never_negative:
                return UNKNOWN
            high = inf
            continue
        value_low, value_high = numbers.bounds(value)
        low += value_low if certain else min(value_low, 0.0)
        high += value_high if certain else max(value_high, 0.0)
    return number(low, high)


def mean(call: Call, values: List) -> Number | Unknown:
    """Return the mean; UNKNOWN of nothing, and where a member is unknown or only possible."""
    settled = _settled(values)
    if isinstance(settled, Unknown) or not settled:
        return UNKNOWN
    whole = total(call, values)
    return UNKNOWN if isinstance(whole, Unknown) else numbers.divide(whole, float(len(settled)))


def _extreme(
    choose: Callable[[list[Number]], Number | Unknown],
    dates: Callable[[list[datetime.date]], datetime.date],
) -> Callable[..., Value]:
    def run(call: Call, *arguments: Value) -> Value:
        if isinstance(call.arguments[0].type, ListType):
            settled = _settled(arguments[0])
            if isinstance(settled, Unknown) or not settled:
                return UNKNOWN
        else:
            settled = list(arguments)
        return dates(settled) if isinstance(settled[0], datetime.date) else choose(settled)

    return run


def count(call: Call, values: List) -> Number | Unknown:
    """Count the members; possible ones make a range."""
    if isinstance(values, Items):
        return number(float(sum(values.certain)), float(len(values.values)))
    return float(len(values))


def any_true(call: Call, values: List) -> Truth:
    """Kleene's or over a list."""
    result: Truth = False
    for value, certain in members(values):
        if value is True and certain:
            return True
        if value is not False:
            result = UNKNOWN
    return result


def all_true(call: Call, values: List) -> Truth:
    """Kleene's and over a list; true over nothing."""
    result: Truth = True
    for value, certain in members(values):
        if value is False and certain:
            return False
        if value is not True:
            result = UNKNOWN
    return result


def last(call: Call, values: List) -> Value:
    """Return the last member; UNKNOWN of nothing and where it is only possible."""
    if isinstance(values, Items):
        return values.values[-1] if values.certain[-1] else UNKNOWN
    return values[-1] if values else UNKNOWN


def absolute(call: Call, value: Number) -> Number | Unknown:
    """Return the distance from 0."""
    return numbers.absolute(value)


def days_between(call: Call, first: datetime.date, second: datetime.date) -> float:
    """Return the days from the first date to the second; negative where it is earlier."""
    return float((second - first).days)


def overlap(call: Call, first: List, second: List) -> List:
    """Return the members of the first list that are in the second, each once."""
    if isinstance(first, tuple) and isinstance(second, tuple):
        members_of_both = (*first, *second)
        if UNKNOWN not in members_of_both:
            return tuple(dict.fromkeys([value for value in first if value in second]))
    found: list[tuple[Value, bool]] = []
    place: dict[Value, int] = {}
    for value, certain in members(first):
        inside = contains(value, second)
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


def duplicates(call: Call, values: List) -> List:
    """Return the values that occur twice or more, each once; an unknown one may be such."""
    sure: dict[Value, int] = {}
    possible: dict[Value, int] = {}
    unknown = 0
    for value, certain in members(values):
        if value is UNKNOWN:
            unknown += 1
        else:
            sure[value] = sure.get(value, 0) + certain
            possible[value] = possible.get(value, 0) + 1
    found = [(value, sure[value] > 1) for value, times in possible.items() if times > 1]
    if unknown and (unknown > 1 or sure):
        found += [(UNKNOWN, False)] * unknown
    return make_list(found)


def share(call: Call, distribution: Distribution, keys: List) -> Number | Unknown:
    """Return the share of some keys."""
    settled = _settled(keys)
    type_ = call.arguments[0].type
    assert isinstance(type_, DistributionType)
    if isinstance(settled, Unknown):
        return UNKNOWN
    return distributions.share(distribution, frozenset(map(key_of, settled)), type_)


def share_aged(
    call: Call, distribution: Distribution, ages: Mapping[str, Value]
) -> Number | Unknown:
    """Return the share of an age span; UNKNOWN where an end of it is."""
    type_ = call.arguments[0].type
    assert isinstance(type_, DistributionType)
    youngest, oldest = ages.get("min", 0.0), ages.get("max", inf)
    if isinstance(youngest, Unknown) or isinstance(oldest, Unknown):
        return UNKNOWN
    return distributions.share_aged(distribution, youngest, oldest, type_)


def counted_keys(distribution: Distribution, asked: List | Mapping[str, Value]) -> list[str]:
    """Return the keys present that a share of `asked`, keys or an age span, counts."""
    if isinstance(asked, Mapping):
        first, last_ = asked.get("min", 0.0), asked.get("max", inf)
        if isinstance(first, Unknown) or isinstance(last_, Unknown):
            return []
        return distributions.overlapping(distribution, first, last_)
    wanted = {key_of(value) for value, _ in members(asked) if value is not UNKNOWN}
    return [key for key in distribution.shares if key in wanted]


def band(call: Call, value: Number, table: TableValue) -> Value:
    """Return the row of the band that a number lies in."""
    return row_of_band(value, table.rows)


def row_of_band(value: Number, rows: tuple[Mapping[str, Value], ...]) -> Value:
    """Return the row whose band holds the whole of a number, else UNKNOWN."""
    low, high = numbers.bounds(value)
    for row in rows:
        if _holds(row, low):
            return row if _holds(row, high) else UNKNOWN
    return UNKNOWN


def _holds(row: Mapping[str, Value], value: float) -> bool:
    less = numbers.less
    above = not less(value, row.get("from", -inf)) and (
        "above" not in row or less(row["above"], value)
    )
    return (
        above
        and not less(row.get("to", inf), value)
        and ("below" not in row or less(value, row["below"]))
    )


def lookup(index: Mapping[tuple[Value, ...], Value], keys: tuple[Value, ...]) -> Value:
    """Return the row with these keys; `index` is made for the vocabularies of its call."""
    return index.get(tuple(key_of(key) for key in keys), UNKNOWN)


def find_mentions(
    call: Call, text: str, table: TableValue, others: TableValue | None = None, name: Value = ""
) -> List | Unknown:
    """Return where a text names words of a table, outside what it names of another one."""
    return mentions(text, table, others, name.text if isinstance(name, Label) else name)


STRICT: Mapping[str, Callable[..., Value]] = {
    "sum": total,
    "min": _extreme(numbers.smallest, min),
    "max": _extreme(numbers.largest, max),
    "mean": mean,
    "count": count,
    "any": any_true,
    "all": all_true,
    "last": last,
    "abs": absolute,
    "days_between": days_between,
    "overlap": overlap,
    "duplicates": duplicates,
    "share": share,
    "share_aged": share_aged,
    "band": band,
    "mentions": find_mentions,
}
