"""What each function computes, over any domain: one small meaning each, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

from checker.language.mentions import mentions
from checker.language.nodes import Call
from checker.language.operators import lists, numbers, shares, truths
from checker.language.operators.domain import Domain, Flag, Operand, Real
from checker.language.operators.scalars import SCALARS, key_of, make_list, members
from checker.model.types import DateType, DistributionType, ListType, MoneyType, NumberType
from checker.model.values import UNKNOWN, Label, Value

# Gets the domain, the call and the values of its arguments, none of which is UNKNOWN.
Meaning = Callable[..., Operand]


def total(on: Domain, call: Call, values: Operand) -> Operand:
    """Add up from left to right."""
    item = call.arguments[0].type
    assert isinstance(item, ListType) and isinstance(item.item, NumberType | MoneyType)
    return lists.total(on, values, never_negative=item.item.low >= 0)


def smallest(on: Domain, call: Call, *values: Operand) -> Operand:
    """Return the smallest member of a list, or of the arguments."""
    return _extreme(on, call, values, last=False)


def largest(on: Domain, call: Call, *values: Operand) -> Operand:
    """Return the largest member of a list, or of the arguments."""
    return _extreme(on, call, values, last=True)


def _extreme(on: Domain, call: Call, values: tuple[Operand, ...], *, last: bool) -> Operand:
    type_ = call.arguments[0].type
    if isinstance(type_, ListType):
        if isinstance(type_.item, DateType):
            return lists.extreme_date(on, values[0], last=last)
        return (lists.largest_of if last else lists.smallest_of)(on, values[0])
    if isinstance(type_, DateType):
        (known, days), *others = map(on.days, values)
        for also, other in others:
            known, days = known & also, (on.higher if last else on.lower)(days, other)
        return on.date(known, days)
    return (numbers.largest if last else numbers.smallest)(on, *values)


def days_between(on: Domain, call: Call, first: Operand, second: Operand) -> Operand:
    """Return the days from the first date to the second; negative where it is earlier."""
    (known, start), (also, end) = on.days(first), on.days(second)
    return on.number(known & also, (end - start) * 1.0, (end - start) * 1.0)


def share(on: Domain, call: Call, distribution: Operand, keys: Operand) -> Operand:
    """Return the share of some keys."""
    type_ = call.arguments[0].type
    assert isinstance(type_, DistributionType)
    return shares.share(on, *on.share_parts(distribution, keys, type_.keys.choices))


def share_aged(on: Domain, call: Call, distribution: Operand, ages: Operand) -> Operand:
    """Return the share of an age span; unknown where an end of it is."""
    type_ = call.arguments[0].type
    assert isinstance(type_, DistributionType)
    span = on.span(ages)
    if span is None:
        return UNKNOWN
    return on.share_aged(
        distribution, lambda keys: shares.age_plan(keys, *span, type_.lowest_age, type_.lowest_to)
    )


def band(on: Domain, call: Call, value: Operand, table: Operand) -> Operand:
    """Return the row whose band holds the whole of a number."""
    known, low, high = on.ends(value)
    place: Real = -1
    for number, row in reversed(list(enumerate(table.rows))):
        whole = on.where(holds(on, row, high), number, -1)
        place = on.where(holds(on, row, low), whole, place)
    return on.row(table, on.where(known, place, -1))


def holds(on: Domain, row: Mapping[str, Value], value: Real) -> Flag:
    """Tell whether the band of a row holds a float."""
    inside = on.invert(numbers.below(on, value, row.get("from", -inf)))
    inside = inside & on.invert(numbers.below(on, row.get("to", inf), value))
    if "above" in row:
        inside = inside & numbers.below(on, row["above"], value)
    return inside & numbers.below(on, value, row["below"]) if "below" in row else inside


def duplicates(on: Domain, call: Call, values: Operand) -> Operand:
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
    found: list[tuple[Value, bool]]
    found = [(value, sure[value] > 1) for value, times in possible.items() if times > 1]
    if unknown and (unknown > 1 or sure):
        found += [(UNKNOWN, False)] * unknown
    return make_list(found)


def find_mentions(
    on: Domain, call: Call, text: str, table: Value, others: Value = None, name: Value = ""
) -> Operand:
    """Return where a text names words of a table, outside what it names of another one."""
    return mentions(text, table, others, name.text if isinstance(name, Label) else name)


def counted_keys(distribution: Value, asked: Value) -> list[str]:
    """Return the keys present that a share of `asked`, keys or an age span, counts."""
    if isinstance(asked, Mapping):
        span = SCALARS.span(asked)
        if span is None:
            return []
        bands = {key: shares.band_ages(key) for key in distribution.shares}
        return [key for key, (start, end) in bands.items() if start <= span[1] and span[0] < end]
    wanted = {key_of(value) for value, _ in members(asked) if value is not UNKNOWN}
    return [key for key in distribution.shares if key in wanted]


def _of_domain(meaning: Callable[..., Operand]) -> Meaning:
    """Return a meaning that does not look at its call."""
    return lambda on, call, *values: meaning(on, *values)


MEANINGS: Mapping[str, Meaning] = {
    "sum": total,
    "min": smallest,
    "max": largest,
    "mean": _of_domain(lists.mean),
    "count": _of_domain(lists.count),
    "any": _of_domain(truths.any_true),
    "all": _of_domain(truths.all_true),
    "last": _of_domain(lambda on, values: on.last(values)),
    "abs": _of_domain(numbers.absolute),
    "days_between": days_between,
    "overlap": lambda on, call, first, second: on.overlap(first, second, call.type),
    "duplicates": duplicates,
    "share": share,
    "share_aged": share_aged,
    "band": band,
    "mentions": find_mentions,
}

# These look at one record's values only; over columns they are computed record by record.
BY_RECORD = frozenset({"duplicates", "mentions"})
