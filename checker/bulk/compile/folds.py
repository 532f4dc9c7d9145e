"""Sums, means, extremes and ends of lists in SQL."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from checker.bulk.compile import numbers
from checker.bulk.compile.choices import Tools, choose, only_if
from checker.bulk.compile.lists import is_known, iterable
from checker.bulk.compile.records import RowRecord
from checker.bulk.compile.sql import (
    FALSE,
    NO_DATE,
    NO_NUMBER,
    TRUE,
    both,
    cases,
    either,
    known,
    negated,
    surely,
    unknown,
)
from checker.bulk.compile.texts import as_day
from checker.bulk.compile.values import (
    CERTAIN,
    NOTHING,
    Day,
    FixedList,
    Known,
    ListVal,
    Number,
    RowList,
    Truth,
    Val,
    is_sure,
)
from checker.bulk.quote import number_of
from checker.model.types import DateType, Type

_ZERO, _INF, _NAN = number_of(0.0), number_of(inf), "'nan'::DOUBLE"


def _part(end: str, amount: Number, keep: Truth, function: str, without: str) -> str:
    """Return what a member adds to one end; a possible one adds between 0 and itself."""
    maybe = _ZERO if keep.settled else f"{function}({end}, {_ZERO})"
    lacks = FALSE if amount.sure else unknown(end)
    return cases([(negated(keep.sql), _ZERO), (lacks, without), (keep.sql, end)], maybe)


def total(tools: Tools, value: ListVal, *, never_negative: bool) -> Number:
    """Add up from left to right.

    An unknown member that cannot be below 0 leaves the sum open above; else the sum is unknown.
    """
    value = iterable(tools, value)
    if isinstance(value, FixedList):
        return _fixed_total(tools, value, never_negative=never_negative)
    name = tools.columns.variable()
    member, keep = value.member(name)
    amount = numbers.as_number(member)
    lowest, highest = (_ZERO, _INF) if never_negative else (_NAN, _NAN)
    low = _sum_of(value.source, name, _part(amount.low, amount, keep, "least", lowest))
    high = _sum_of(value.source, name, _part(amount.high, amount, keep, "greatest", highest))
    if amount.exact and keep.settled and (amount.sure or not never_negative):
        high = low
    least = 0.0 if never_negative else -inf
    return numbers.share(tools.columns, numbers.bounded(tools.columns, low, high, least, inf))


def _sum_of(source: str, name: str, part: str) -> str:
    made = f"coalesce(list_sum(list_transform({source}, lambda {name}: {part})), 0)"
    return f"(CASE WHEN {source} IS NOT NULL THEN {made} END)"


def _fixed_total(tools: Tools, value: FixedList, *, never_negative: bool) -> Number:
    lowest, highest = (_ZERO, _INF) if never_negative else (NO_NUMBER, NO_NUMBER)
    low, high = _ZERO, _ZERO
    least, most, alike = 0.0, 0.0, True
    for member, keep in value.members:
        amount = numbers.share(tools.columns, numbers.as_number(member))
        whole = isinstance(member, Known) and amount.low != NO_NUMBER
        parts = (
            _part(amount.low, amount, keep, "least", lowest),
            _part(amount.high, amount, keep, "greatest", highest),
        )
        alike = alike and parts[0] == parts[1]
        low = f"({low} + {parts[0]})"
        high = low if alike else f"({high} + {parts[1]})"
        least += min(amount.least, 0.0)
        most += max(amount.most, 0.0) if whole or not never_negative else inf
    bounds = (0.0 if never_negative else least, most)
    return numbers.share(tools.columns, numbers.bounded(tools.columns, low, high, *bounds))


def mean(tools: Tools, value: ListVal, whole: Number) -> Number:
    """Return the mean; unknown of nothing, and where a member is unknown or only possible."""
    value = iterable(tools, value)
    settled, size = settled_size(tools, value)
    if size == FALSE:
        return numbers.literal(NOTHING.value)
    least = min(whole.least, 0.0)
    most = max(whole.most, 0.0)
    size = tools.columns.share(size)
    test = tools.columns.share(both(settled, f"({size} > 0)"))
    low = f"(CASE WHEN {test} THEN {whole.low} / {size} END)"
    high = low if whole.exact else f"(CASE WHEN {test} THEN {whole.high} / {size} END)"
    # What is settled has no member that leaves an end open.
    return numbers.share(tools.columns, numbers.bounded(tools.columns, low, high, least, most))


def settled_size(tools: Tools, value: FixedList | RowList) -> tuple[str, str]:
    """Return whether all members are sure and known, and then how many there are."""
    if isinstance(value, FixedList):
        if not value.members:
            return TRUE, FALSE
        loose = [either(keep.unknown, both(keep.surely, _lacks(m))) for m, keep in value.members]
        parts = [f"({keep.surely})::INTEGER" for _, keep in value.members]
        return negated(either(*loose)), f"({' + '.join(parts)})::DOUBLE"
    name = tools.columns.variable()
    member, keep = value.member(name)
    loose_one = either(keep.unknown, both(keep.surely, _lacks(member)))
    source = value.source
    settled = (
        TRUE
        if loose_one == FALSE
        else (f"(len(list_filter({source}, lambda {name}: {loose_one})) = 0)")
    )
    if keep.sql == TRUE:
        return settled, f"len({source})::DOUBLE"
    return settled, f"len(list_filter({source}, lambda {name}: {keep.surely}))::DOUBLE"


def _lacks(member: Val) -> str:
    if is_sure(member):
        return FALSE
    if isinstance(member, Day):
        return unknown(member.sql)
    return unknown(numbers.as_number(member).low)


def extreme(tools: Tools, name: str, value: ListVal, item: Type) -> Val:
    """Return the least or greatest member: a number or a date."""
    value = iterable(tools, value)
    if isinstance(value, RowList):
        value = _listed(tools, value, item)
    settled, size = settled_size_of(tools, value, item)
    if size == FALSE:
        return NOTHING
    if isinstance(item, DateType):
        return Day(tools.columns.share(_extreme_end(tools, name, value, settled, 0, item)))
    amounts = _amounts(value)
    low = high = _extreme_end(tools, name, value, settled, 0, item)
    if not all(each.exact for each in amounts):
        high = _extreme_end(tools, name, value, settled, 1, item)
    least, most = min(each.least for each in amounts), max(each.most for each in amounts)
    return numbers.share(tools.columns, Number(low, high, least, most))


def settled_size_of(tools: Tools, value: FixedList | RowList, item: Type) -> tuple[str, str]:
    """Return whether all members are sure and known, and how many, for numbers or dates."""
    if not isinstance(item, DateType):
        return settled_size(tools, value)
    if isinstance(value, FixedList):
        days = tuple((_day(member), keep) for member, keep in value.members)
        return settled_size(tools, FixedList(days))

    def member(x: str) -> tuple[Val, Truth]:
        each, keep = value.member(x)
        return _day(each), keep

    return settled_size(tools, RowList(value.source, member))


def _day(value: Val) -> Day:
    return Day(as_day(value), is_sure(value))


def _listed(tools: Tools, value: RowList, item: Type) -> RowList:
    """Return a list whose members are numbers or dates as they stand, where all are sure members.

    Each is asked more than once, and computed once so.
    """
    name = tools.columns.variable()
    member, keep = value.member(name)
    if keep.sql != TRUE or is_sure(member):
        return value
    amount = None if isinstance(item, DateType) else numbers.as_number(member)
    made = _end(member, 0, item)
    ranged = amount is not None and not amount.exact
    if ranged:
        made = f"{{'low': {made}, 'high': {_end(member, 1, item)}}}"
    source = tools.columns.share(f"list_transform({value.source}, lambda {name}: {made})")

    def one(x: str) -> Val:
        if amount is None:
            return Day(x)
        low, high = (f"{x}.low", f"{x}.high") if ranged else (x, x)
        return replace(amount, low=low, high=high)

    return RowList(source, lambda x: (one(x), CERTAIN))


def _amounts(value: FixedList | RowList) -> list[Number]:
    members = (
        [member for member, _ in value.members]
        if isinstance(value, FixedList)
        else [value.member("_v0")[0]]
    )
    return [numbers.as_number(member) for member in members]


def _end(member: Val, which: int, item: Type) -> str:
    if isinstance(item, DateType):
        return as_day(member)
    amount = numbers.as_number(member)
    return (amount.low, amount.high)[which]


def _extreme_end(
    tools: Tools, name: str, value: FixedList | RowList, settled: str, which: int, item: Type
) -> str:
    function = "list_min" if name == "min" else "list_max"
    empty = NO_DATE if isinstance(item, DateType) else NO_NUMBER
    if isinstance(value, FixedList):
        ends = [cases([(k.sql, _end(m, which, item))], empty) for m, k in value.members]
        made = f"{function}([{', '.join(ends)}])"
    else:
        variable = tools.columns.variable()
        member, keep = value.member(variable)
        end = cases([(keep.sql, _end(member, which, item))], empty)
        source = value.source
        if end != variable:
            source = f"list_transform({source}, lambda {variable}: {end})"
        made = f"{function}({source})"
    return cases([(surely(settled), made)], empty)


def last(tools: Tools, value: ListVal, item: Type) -> Val:
    """Return the last member; unknown of nothing and where it is only possible."""
    value = iterable(tools, value)
    if isinstance(value, FixedList):
        made: Val = NOTHING
        for member, keep in value.members:
            here = only_if(tools, keep.sql, member, item)
            made = here if keep.sql == TRUE else choose(tools, keep.possibly, here, made, item)
        return made
    name = tools.columns.variable()
    _, keep = value.member(name)
    source = (
        value.source
        if keep.sql == TRUE
        else f"list_filter({value.source}, lambda {name}: {keep.possibly})"
    )
    found = tools.columns.share(f"list_extract({source}, -1)")
    member, keep = value.member(found)
    if isinstance(member, RowRecord):
        # Of an empty list there is none.
        sql = member.sql
        if keep.sql != TRUE and sql == found:
            sql = tools.columns.share(cases([(keep.sql, found)], "NULL"))
        return RowRecord(member.reader, sql, member.type)
    there = both(keep.sql, known(found), is_known(value))
    return only_if(tools, surely(there), member, item)
