"""Functions of lists of anything: count, any, all, last, overlap, duplicates."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from checker.language import possible as p
from checker.language.coerce import fail, join_all
from checker.language.functions.declare import Arguments, Function, MemberOf, Parts, item_of, refuse
from checker.language.nodes import Call, turned
from checker.language.operators import lists, truths
from checker.language.operators.domain import Domain, Operand
from checker.language.operators.scalars import make_list, members
from checker.language.possible import Possible
from checker.model.types import FlagType, NumberType, TextType, Type
from checker.model.values import UNKNOWN, Value


def _count(arguments: Arguments) -> tuple[Arguments, Type]:
    item_of(arguments[0])
    return arguments, NumberType("count", 0, inf, True)


def _truths(arguments: Arguments) -> tuple[Arguments, Type]:
    if not isinstance(item_of(arguments[0]), FlagType):
        fail(arguments[0], "a list of conditions is needed here", "any(x.fee > 0 for x in list)")
    return arguments, FlagType()


def _any_bounds(node: Call, parts: Parts, member: MemberOf) -> Possible:
    item = member(node.arguments[0])
    true = item.true and item.known and parts[0].most > 0
    false = parts[0].least == 0 or (item.false and item.known)
    return p.truths(true=true, false=false, unknown=True)


def _all_bounds(node: Call, parts: Parts, member: MemberOf) -> Possible:
    item = member(node.arguments[0])
    false = item.false and item.known and parts[0].most > 0
    true = parts[0].least == 0 or (item.true and item.known)
    return p.truths(true=true, false=false, unknown=True)


def _overlap(arguments: Arguments) -> tuple[Arguments, Type]:
    for node in arguments:
        if not isinstance(item_of(node), TextType):
            refuse(node, "a list of texts")
    return join_all(arguments, what="an overlap of")


def _duplicates(arguments: Arguments) -> tuple[Arguments, Type]:
    if not isinstance(item_of(arguments[0]), TextType):
        refuse(arguments[0], "a list of texts")
    return arguments, arguments[0].type


def _twice(on: Domain, call: Call, values: Operand) -> Operand:
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


def _fewer(node: Call, parts: Parts, member: MemberOf) -> Possible:
    unknown = any(part.unknown for part in parts)
    # Unknown members of the first list are all kept, however few the second has.
    most = parts[0].most if all(part.most > 0 for part in parts) else 0.0
    return Possible(unknown=unknown, most=most)


COUNT = Function(
    ("count(list)",), 1, 1, _count, lambda on, call, values: lists.count(on, values),
    lambda a: f"the number in {a[0]}",
    "how many members", ("count(shortlist)", "2"),
    lambda node, parts, member: p.between(parts[0].least, parts[0].most, unknown=parts[0].unknown),
)  # fmt: skip
ANY = Function(
    ("any(condition for x in list)",), 1, 1, _truths,
    lambda on, call, values: truths.any_true(on, values),
    lambda a: f"at least one of {a[0]} is true",
    "whether one is true", ("any(d.fee > 0 for d in shortlist)", "true"),
    _any_bounds,
)  # fmt: skip
ALL = Function(
    ("all(condition for x in list)",), 1, 1, _truths,
    lambda on, call, values: truths.all_true(on, values),
    lambda a: f"every one of {a[0]} is true",
    "whether each is true", ("all(i.count > 0 for i in brief.deliverables)", "true"),
    _all_bounds,
)  # fmt: skip
LAST = Function(
    ("last(list)",), 1, 1, lambda arguments: (arguments, item_of(arguments[0])),
    lambda on, call, values: on.last(values),
    lambda a: f"the last of {a[0]}",
    "the last member", ("last(influencer.history).followers", "42,300"),
    lambda node, parts, member: replace(member(node.arguments[0]), unknown=True),
)  # fmt: skip
OVERLAP = Function(
    ("overlap(list, list)",), 2, 2, _overlap,
    lambda on, call, first, second: on.overlap(
        first, second, call.type, turn=turned(*call.arguments)
    ),
    lambda a: f"what {a[0]} and {a[1]} have in common",
    "the members of the first that are in the second",
    ("overlap(influencer.topics, brief.campaign.topics)", "Hair-Care and cosmetics"),
    _fewer,
)  # fmt: skip
DUPLICATES = Function(
    ("duplicates(list)",), 1, 1, _duplicates, _twice,
    lambda a: f"what stands twice in {a[0]}",
    "what occurs twice or more", ("count(duplicates(d.influencer.handle for d in shortlist))", "0"),
    _fewer, by_record=True,
)  # fmt: skip
