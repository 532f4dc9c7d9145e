"""What each function may give, from what its arguments may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf

from checker.language import possible as p
from checker.language.nodes import Call, Node
from checker.language.possible import ANYTHING, Possible
from checker.model.types import ListType, MoneyType, NumberType, Type

Parts = Sequence[Possible]
# What any member of a list may be.
MemberOf = Callable[[Node], Possible]


def called(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    """Return what a call may give; each of its arguments may be known."""
    function = _CALLS.get(node.function)
    return _of_node(node.type) if function is None else function(node, parts, member_of)


def _of_node(type_: Type) -> Possible:
    """Return what a call whose type is all that is known of it may give."""
    if isinstance(type_, NumberType | MoneyType):
        return p.of_type(type_)
    return ANYTHING


def _extreme(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    if isinstance(node.arguments[0].type, ListType):
        # Of nothing, and of members that are only possible, there is none.
        return replace(member_of(node.arguments[0]), unknown=True)
    choose = min if node.function == "min" else max
    low, high = choose(part.low for part in parts), choose(part.high for part in parts)
    unbounded = low == -inf and high == inf
    return p.between(low, high, unknown=unbounded or any(part.unknown for part in parts))


def _sum(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    item = member_of(node.arguments[0])
    if parts[0].most == 0:
        return p.between(0.0, 0.0, unknown=parts[0].unknown)
    return p.between(0.0 if item.low >= 0 else -inf, 0.0 if item.high <= 0 else inf)


def _mean(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    return replace(p.widened(member_of(node.arguments[0])), unknown=True)


def _last(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    return replace(member_of(node.arguments[0]), unknown=True)


def _count(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    return p.between(parts[0].least, parts[0].most, unknown=parts[0].unknown)


def _any(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    item = member_of(node.arguments[0])
    true = item.true and item.known and parts[0].most > 0
    false = parts[0].least == 0 or (item.false and item.known)
    return p.truths(true=true, false=false, unknown=True)


def _all(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    item = member_of(node.arguments[0])
    false = item.false and item.known and parts[0].most > 0
    true = parts[0].least == 0 or (item.true and item.known)
    return p.truths(true=true, false=false, unknown=True)


def _abs(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    return p.absolute(parts[0])


def _days(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    return p.arithmetic("-", parts[1], parts[0])


def _fewer(node: Call, parts: Parts, member_of: MemberOf) -> Possible:
    unknown = any(part.unknown for part in parts)
    # Unknown members of the first list are all kept, however few the second has.
    most = parts[0].most if all(part.most > 0 for part in parts) else 0.0
    return Possible(unknown=unknown, most=most)


_CALLS: Mapping[str, Callable[[Call, Parts, MemberOf], Possible]] = {
    "min": _extreme,
    "max": _extreme,
    "sum": _sum,
    "mean": _mean,
    "last": _last,
    "count": _count,
    "any": _any,
    "all": _all,
    "abs": _abs,
    "days_between": _days,
    "overlap": _fewer,
    "duplicates": _fewer,
}
