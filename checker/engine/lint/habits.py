"""Ways to write a condition that decide by accident, or less than the records would allow."""

from __future__ import annotations

from collections.abc import Iterator

from checker.engine.lint.work import Found, Part, Work, mark
from checker.language.bounds import Reasoner
from checker.language.errors import LanguageError
from checker.language.facts import Facts
from checker.language.nodes import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Comprehension,
    Conditional,
    Default,
    Exists,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    Path,
    TableName,
    Variable,
    children,
)
from checker.language.operators.types import check_share_bounds
from checker.language.possible import Possible
from checker.language.show import show
from checker.model.types import FlagType, MoneyType, NumberType

# A default on what these say of a person or a post would pass what nobody knows.
_OF_OTHERS = ("influencer", "post")


def shares_out_of_bounds(work: Work) -> Iterator[Found]:
    """Find each share that is compared with a constant that no share reaches: 30 for 0.3."""
    for part in work.parts:
        if isinstance(part.node, Compare):
            try:
                check_share_bounds(part.node.left, part.node.right)
            except LanguageError as error:
                at = Literal(part.node.type, error.start, error.end, None)
                diagnostic = mark("bad-share", error.message, at, part.source, error.note)
                yield work.found(diagnostic, part.pack)


# Assumptions


def assumptions(work: Work) -> Iterator[Found]:
    """Find each default with a constant on what a record of others says, in an error rule."""
    if work.rule.severity != "error":
        return
    for part in work.parts:
        node = part.node
        if not isinstance(node, Default) or not _is_constant(work, node.otherwise):
            continue
        if _of_others(work, node.path):
            path, value = show(node.path), show(node.otherwise)
            message = f"{path} is taken as {value} where the record does not say"
            note = "an error rule decides on facts only; let it be unknown"
            yield work.found(mark("assumed-fact", message, node, part.source, note), part.pack)


def presences(work: Work) -> Iterator[Found]:
    """Find each `exists` of yes or no that an error rule asks without asking which of the two."""
    if work.rule.severity != "error":
        return
    number = work.reasoner.numbering.of
    require = Part(work.typed.require, work.rule.require, work.pack)
    asked = list(_asked(work, require, set()))
    read = {number(part.node) for part in asked if not isinstance(part.node, Exists)}
    for part in asked:
        if not isinstance(part.node, Exists):
            continue
        path = part.node.path
        if isinstance(path.type, FlagType) and _of_others(work, path) and number(path) not in read:
            name = show(path)
            message = f"{name} is there too where it says no, so this passes on a no"
            note = f"ask for the yes: {name}; it is unknown where nobody asked"
            yield work.found(
                mark("flag-presence", message, part.node, part.source, note), part.pack
            )


def _asked(work: Work, part: Part, seen: set[int]) -> Iterator[Part]:
    """Give the conditions that a condition is made of, names followed, without those of loops."""
    part = work.followed(part)
    if id(part.node) in seen:
        return
    seen.add(id(part.node))
    yield part
    if isinstance(part.node, Logic | Not | Conditional):
        for child in children(part.node):
            yield from _asked(work, part._replace(node=child), seen)


def _is_constant(work: Work, node: Node) -> bool:
    """Tell whether a value is written out; a param is named, sourced and shown as such."""
    parts = work.reasoner.numbering.parts(node)
    return not any(isinstance(part, Variable | Path | TableName) for part in parts)


def _of_others(work: Work, node: Node) -> bool:
    """Tell whether a path leads into a record of others, names followed to their values."""
    node = work.reasoner.numbering.meaning(node)
    if isinstance(node, Path):
        return "influencer" in node.names or _of_others(work, node.root)
    if isinstance(node, Variable):
        source = work.reasoner.numbering.loops.get(node.slot)
        return node.name in _OF_OTHERS if source is None else _of_others(work, source)
    return isinstance(node, Comprehension) and _of_others(work, node.source)


# `all` over nothing


def empty_lists(work: Work) -> Iterator[Found]:
    """Find each `all` of an error rule's condition that is true because its list is empty."""
    facts = work.where_it_applies
    if work.rule.severity == "error" and facts is not None:
        require = Part(work.typed.require, work.rule.require, work.pack)
        yield from _empty_below(work, require, facts, set())


def _empty_below(work: Work, part: Part, facts: Facts, seen: set[int]) -> Iterator[Found]:
    """Look where true makes the condition true; what stands beside it counts as given."""
    part = work.followed(part)
    node = part.node
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, Logic):
        for operand in node.operands:
            others = [each for each in node.operands if each is not operand]
            assumed = work.reasoner.assume_all(others, node.operator == "and", facts)
            if assumed is not None:
                yield from _empty_below(work, part._replace(node=operand), assumed, seen)
    elif isinstance(node, Conditional):
        for truth, side in ((True, node.then), (False, node.otherwise)):
            assumed = work.reasoner.assume(node.test, truth, facts)
            if assumed is not None:
                yield from _empty_below(work, part._replace(node=side), assumed, seen)
    elif isinstance(node, Call) and node.function == "all":
        (members,) = node.arguments
        if not _has_members(work.reasoner, members, facts):
            message = "this is true where the list is empty"
            note = "ask for a member too: count(list) > 0 and all(...)"
            yield work.found(mark("empty-all", message, node, part.source, note), part.pack)


def _has_members(reasoner: Reasoner, members: Node, facts: Facts) -> bool:
    members = reasoner.numbering.meaning(members)
    if reasoner.surely_has_members(members, facts):
        return True
    unfiltered = isinstance(members, Comprehension) and members.condition is None
    return unfiltered and _has_members(reasoner, children(members)[0], facts)


# Ranges


def wide_ranges(work: Work) -> Iterator[Found]:
    """Find each sum or ratio in which a range counts against itself."""
    seen = set[int]()
    for part in work.parts:
        node = part.node
        if not isinstance(node, Arithmetic | Negate) or id(node) in seen:
            continue
        seen.update(id(each.node) for each in work.below(part))
        for term in _against_itself(work, node):
            message = f"{show(term)} may be a range, and counts here both up and down"
            note = "write it once, or the result's range is wider than the truth"
            yield work.found(mark("wide-range", message, node, part.source, note), part.pack)


def _against_itself(work: Work, node: Node) -> Iterator[Node]:
    signs: dict[int, set[int]] = {}
    terms: dict[int, Node] = {}
    waiting = [(node, 1)]
    seen = set[tuple[int, int]]()
    while waiting:
        one, sign = waiting.pop()
        one = work.reasoner.numbering.meaning(one)
        key = (work.reasoner.numbering.of(one), sign)
        if key in seen:
            continue
        seen.add(key)
        inner = list(_directions(work.reasoner, one, sign))
        waiting += inner
        if not inner and _may_be_range(one):
            number = work.reasoner.numbering.of(one)
            signs.setdefault(number, set()).add(sign)
            terms.setdefault(number, one)
    yield from (terms[number] for number, found in signs.items() if len(found) > 1)


def _may_be_range(node: Node) -> bool:
    known = isinstance(node, Path | Choose | Call)
    return known and isinstance(node.type, NumberType | MoneyType) and node.type.ranged


def _directions(reasoner: Reasoner, node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    """Give the parts of a sum or ratio, and whether it grows with each: 1, -1, or 0 for either."""
    if isinstance(node, Negate):
        yield node.operand, -sign
    elif isinstance(node, Call) and node.function in ("min", "max") and len(node.arguments) > 1:
        yield from ((argument, sign) for argument in node.arguments)
    elif isinstance(node, Arithmetic) and node.operator in "+-":
        yield node.left, sign
        yield node.right, sign if node.operator == "+" else -sign
    elif isinstance(node, Arithmetic):
        left, right = (_sign(reasoner.possible(each)) for each in (node.left, node.right))
        yield node.left, sign * right
        yield node.right, sign * left if node.operator == "*" else -sign * left


def _sign(found: Possible) -> int:
    return 1 if found.low >= 0 else -1 if found.high <= 0 else 0
