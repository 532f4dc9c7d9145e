"""What follows where a condition is true, or false: both never leave it unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from checker.language.facts import Facts, follows, squeezed
from checker.language.nodes import (
    Arithmetic,
    Call,
    Compare,
    Contains,
    Convert,
    Exists,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    Path,
    Variable,
    children,
)
from checker.language.numbering import Numbering
from checker.language.possible import Possible
from checker.language.scope import FIRST_FREE
from checker.model.types import DateType, MoneyType, NumberType


class Reasoning(Protocol):
    """What is needed of a `Reasoner`."""

    numbering: Numbering

    def possible(self, node: Node, facts: Facts) -> Possible:
        """Return what an expression may be under some facts."""

    def constant_words(self, node: Node) -> frozenset[str] | None:
        """Return the codes of a list that is written out, else None."""


def assume(work: Reasoning, node: Node, truth: bool, facts: Facts) -> Facts | None:
    """Return the facts where a condition is `truth` too; None where it never is."""
    node = work.numbering.meaning(node)
    found = work.possible(node, facts)
    if not _may_be(found, truth):
        return None
    if isinstance(node, Literal):
        return facts
    if isinstance(node, Not):
        return assume(work, node.operand, not truth, facts)
    number = work.numbering.of(node)
    if facts.truths.get(number) is truth:
        return facts
    noted = facts.with_truths({number: truth})
    if noted is None:
        return None
    match node:
        case Logic():
            return _logic(work, node, truth, noted)
        case Compare():
            return _compare(work, node, truth, noted)
        case Contains():
            return _contains(work, node, truth, noted)
        case Exists():
            return _exists(work, node.path, truth, noted)
    return noted.with_known(known_with(work.numbering, node))


def assume_all(work: Reasoning, nodes: Iterable[Node], truth: bool, facts: Facts) -> Facts | None:
    """Return the facts where conditions are all `truth` too; None where they never are."""
    together: Facts | None = facts
    for node in nodes:
        together = together and assume(work, node, truth, together)
    return together


def _logic(work: Reasoning, node: Logic, truth: bool, facts: Facts) -> Facts | None:
    if truth is (node.operator == "and"):
        return assume_all(work, node.operands, truth, facts)
    # One of them is so, and where only one can be, it is that one.
    open_ = [each for each in node.operands if _may_be(work.possible(each, facts), truth)]
    if not open_:
        return None
    return assume(work, open_[0], truth, facts) if len(open_) == 1 else facts


def _may_be(found: Possible, truth: bool) -> bool:
    return found.known and (found.true if truth else found.false)


def _compare(work: Reasoning, node: Compare, truth: bool, facts: Facts) -> Facts | None:
    numbering = work.numbering
    noted = facts.with_truths(follows(numbering, node, truth))
    if noted is None:
        return None
    known = known_with(numbering, node.left) | known_with(numbering, node.right)
    noted = noted.with_known(known)
    left, right = work.possible(node.left, facts), work.possible(node.right, facts)
    if not isinstance(node.left.type, NumberType | MoneyType | DateType):
        return _same_words(work, node, truth, noted)
    whole = _whole(work, node.left, left) and _whole(work, node.right, right)
    ends = squeezed(node.operator, truth, left, right, whole=whole)
    bounded: Facts | None = noted
    for side, (low, high) in zip((node.left, node.right), ends, strict=True):
        bounded = bounded and bounded.with_bounds(numbering.of(side), low, high)
    return bounded


def _whole(work: Reasoning, node: Node, found: Possible) -> bool:
    """Tell whether only whole numbers are possible: dates, counts of lists, such a constant."""
    node = work.numbering.meaning(node)
    if isinstance(node.type, DateType) or (isinstance(node, Call) and node.function == "count"):
        return True
    return found.low == found.high and found.low.is_integer()


def _same_words(work: Reasoning, node: Compare, truth: bool, facts: Facts) -> Facts | None:
    among = truth is (node.operator == "==")
    noted: Facts | None = facts
    for side, other in ((node.left, node.right), (node.right, node.left)):
        words = work.possible(other, facts).words
        if noted is not None and words is not None and (among or len(words) == 1):
            noted = noted.with_words(work.numbering.of(side), words, among=among)
    return noted


def _contains(work: Reasoning, node: Contains, truth: bool, facts: Facts) -> Facts | None:
    words = work.constant_words(node.members)
    if truth or words is not None:
        facts = facts.with_known(known_with(work.numbering, node.item))
    if words is None:
        return facts
    return facts.with_words(work.numbering.of(node.item), words, among=truth)


def _exists(work: Reasoning, path: Path, truth: bool, facts: Facts) -> Facts | None:
    steps = work.numbering.steps(path)[1:]
    # What is there stands in what is there.
    said = steps if truth else steps[-1:]
    return facts.with_truths({work.numbering.exists(step): truth for step in said})


def known_with(numbering: Numbering, node: Node) -> frozenset[int]:
    """Return the numbers of what is known wherever an expression is known."""
    found: set[int] = set()
    for one in numbering.parts(node, _needed):
        if isinstance(one, Variable) and one.slot < FIRST_FREE:
            continue  # A record as a whole is always there.
        found.add(numbering.of(one))
        if isinstance(one, Path):
            found.update(numbering.steps(one)[1:-1])
    return frozenset(found)


def _needed(node: Node) -> tuple[Node, ...]:
    """Return the parts without which a node is unknown."""
    strict = isinstance(node, Path | Negate | Convert | Arithmetic | Call)
    return children(node) if strict else ()
