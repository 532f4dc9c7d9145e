"""Functions of numbers and amounts: sum, min, max, mean, abs, money."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from checker.language import possible as p
from checker.language.coerce import describe, fail, join_all
from checker.language.functions.declare import (
    Arguments,
    Function,
    Meaning,
    MemberOf,
    Parts,
    amounts_of,
    item_of,
    listing,
    refuse,
)
from checker.language.nodes import Call
from checker.language.operators import lists, numbers
from checker.language.operators.domain import Domain, Operand
from checker.language.possible import Possible
from checker.model.types import DateType, ListType, MoneyType, NumberType, Type


def _sum(arguments: Arguments) -> tuple[Arguments, Type]:
    item = amounts_of(arguments[0])
    low, high = (0.0 if item.low >= 0 else -inf), (0.0 if item.high <= 0 else inf)
    return arguments, replace(item, low=low, high=high, ranged=True)


def _total(on: Domain, call: Call, values: Operand) -> Operand:
    return lists.total(on, values, never_negative=amounts_of(call.arguments[0]).low >= 0)


def _sum_bounds(node: Call, parts: Parts, member: MemberOf) -> Possible:
    item = member(node.arguments[0])
    if parts[0].most == 0:
        return p.between(0.0, 0.0, unknown=parts[0].unknown)
    return p.between(0.0 if item.low >= 0 else -inf, 0.0 if item.high <= 0 else inf)


def _of_members(arguments: Arguments) -> tuple[Arguments, Type]:
    if len(arguments) == 1:
        item = item_of(arguments[0])
        if not isinstance(item, NumberType | MoneyType | DateType):
            fail(arguments[0], f"{describe(item)} has no smallest or largest")
        return arguments, item
    members, type_ = join_all(arguments, what="a comparison of")
    if not isinstance(type_, NumberType | MoneyType | DateType):
        refuse(members[0], "a number, money or a date")
    return members, type_


def _extreme(*, last: bool) -> Meaning:
    def run(on: Domain, call: Call, *values: Operand) -> Operand:
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

    return run


def _extreme_bounds(node: Call, parts: Parts, member: MemberOf) -> Possible:
    if isinstance(node.arguments[0].type, ListType):
        # Of nothing, and of members that are only possible, there is none.
        return replace(member(node.arguments[0]), unknown=True)
    choose = min if node.function == "min" else max
    low, high = choose(part.low for part in parts), choose(part.high for part in parts)
    unbounded = low == -inf and high == inf
    return p.between(low, high, unknown=unbounded or any(part.unknown for part in parts))


def _abs(arguments: Arguments) -> tuple[Arguments, Type]:
    type_ = arguments[0].type
    if not isinstance(type_, NumberType | MoneyType):
        refuse(arguments[0], "a number")
    high = max(abs(type_.low), abs(type_.high))
    low = 0.0 if type_.low <= 0 <= type_.high else min(abs(type_.low), abs(type_.high))
    return arguments, replace(type_, low=low, high=high)


SUM = Function(
    ("sum(list)",), 1, 1, _sum, _total, lambda a: f"the sum of {a[0]}",
    "the sum, added from left to right", ("sum(i.count for i in brief.deliverables)", "3"),
    _sum_bounds,
)  # fmt: skip
MIN = Function(
    ("min(list)", "min(a, b)"), 1, 20, _of_members, _extreme(last=False),
    lambda a: f"the smallest of {listing(a)}",
    "the smallest number, amount or date", ("min(3, influencer.followers)", "3"),
    _extreme_bounds,
)  # fmt: skip
MAX = Function(
    ("max(list)", "max(a, b)"), 1, 20, _of_members, _extreme(last=True),
    lambda a: f"the largest of {listing(a)}",
    "the largest", ("max(h.followers for h in influencer.history)", "42,300"),
    _extreme_bounds,
)  # fmt: skip
MEAN = Function(
    ("mean(list)",), 1, 1, lambda arguments: (arguments, amounts_of(arguments[0])),
    lambda on, call, values: lists.mean(on, values),
    lambda a: f"the average of {a[0]}",
    "the mean; unknown of nothing", ("mean(h.followers for h in influencer.history)", "41,200"),
    lambda node, parts, member: replace(p.widened(member(node.arguments[0])), unknown=True),
)  # fmt: skip
ABS = Function(
    ("abs(number)",), 1, 1, _abs, lambda on, call, value: numbers.absolute(on, value),
    lambda a: f"the size of {a[0]}",
    "the distance from 0", ("abs(3 - 5)", "2"),
    lambda node, parts, member: p.absolute(parts[0]),
)  # fmt: skip
