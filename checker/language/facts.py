"""What is taken as given while the rest of a rule is looked at.

Conditions are assumed true or false. What follows for the parts of a comparison is noted by the
number of each expression: see `Numbering`. Facts are never changed; assuming makes new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from math import inf
from typing import Any

from checker.language.nodes import Compare
from checker.language.numbering import Numbering
from checker.language.operators.comparisons import COMPARISONS
from checker.language.possible import (
    Possible,
    loosely_above,
    loosely_below,
    strictly_above,
    strictly_below,
)
from checker.model.frozen import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Bounds, truths and codes that hold, and what is known, by the numbers of expressions.

    `touched` has a bit for each number that anything is said of; `memo` keeps what was found out
    under these facts.
    """

    bounds: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    truths: Mapping[int, bool] = field(default_factory=dict)
    words: Mapping[int, frozenset[str]] = field(default_factory=dict)
    barred: Mapping[int, frozenset[str]] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    touched: int = 0
    memo: dict[int, Possible] = field(default_factory=dict)

    def with_truths(self, found: Mapping[int, bool]) -> Facts | None:
        """Return these facts and the truths of some questions; None where they contradict."""
        if any(self.truths.get(number, truth) is not truth for number, truth in found.items()):
            return None
        return self._more(found, truths={**self.truths, **found})

    def with_known(self, found: frozenset[int]) -> Facts:
        """Return these facts, and that some expressions are known."""
        return self if found <= self.known else self._more(found, known=self.known | found)

    def with_bounds(self, number: int, low: float, high: float) -> Facts | None:
        """Return these facts and bounds of an expression; None where nothing lies within."""
        old_low, old_high = self.bounds.get(number, (-inf, inf))
        low, high = max(low, old_low), min(high, old_high)
        if low > high:
            return None
        return self._more((number,), bounds={**self.bounds, number: (low, high)})

    def with_words(self, number: int, words: frozenset[str], *, among: bool) -> Facts | None:
        """Return these facts, and that a code is among some, or is not; None where none is left."""
        allowed, barred = self.words.get(number), self.barred.get(number, frozenset())
        if among:
            allowed = words if allowed is None else allowed & words
        else:
            barred = barred | words
        if allowed is not None and not allowed - barred:
            return None
        kept = self.words if allowed is None else {**self.words, number: allowed}
        return self._more((number,), words=kept, barred={**self.barred, number: barred})

    def _more(self, about: Iterable[int], **changed: Any) -> Facts:
        touched = self.touched
        for number in about:
            touched |= 1 << number
        return replace(self, touched=touched, memo={}, **changed)

    def narrowed(self, number: int, found: Possible) -> Possible:
        """Return what an expression may be, under these facts."""
        low, high = self.bounds.get(number, (-inf, inf))
        words = found.words
        if number in self.words:
            words = self.words[number] if words is None else words & self.words[number]
        if words is not None and number in self.barred:
            words = words - self.barred[number]
        low, high = max(low, found.low), min(high, found.high)
        truth = self.truths.get(number)
        true, false = found.true and truth is not False, found.false and truth is not True
        empty = low > high or not (true or false) or words == frozenset()
        unknown = found.unknown and truth is None and number not in self.known
        return Possible(
            found.known and not empty,
            unknown,
            low,
            high,
            true,
            false,
            words,
            found.least,
            found.most,
        )


def follows(numbering: Numbering, node: Compare, truth: bool) -> dict[int, bool]:
    """Return the questions that a comparison answers: of two numbers one is below, or equal."""
    question, straight = numbering.question(node)
    answer = truth is straight
    found = {question: answer}
    if not answer:
        return found
    left, right = numbering.of(node.left), numbering.of(node.right)
    others = (
        ("less", left, right),
        ("less", right, left),
        ("equal", min(left, right), max(left, right)),
    )
    for key in others:
        found.setdefault(numbering.intern(key), False)
    return found


Bounds = tuple[float, float]


def squeezed(
    operator: str, truth: bool, a: Possible, b: Possible, *, whole: bool
) -> tuple[Bounds, Bounds]:
    """Return the bounds of both sides of a comparison that is `truth`.

    `whole` says that both are whole numbers, such as days, which the next one is a whole away.
    """
    sign = operator if truth else COMPARISONS[operator].opposite
    if sign in (">", ">="):
        right, left = _below(sign == ">", b, a, whole)
        return left, right
    if sign in ("<", "<="):
        return _below(sign == "<", a, b, whole)
    if sign == "==":
        return (
            (loosely_below(b.low), loosely_above(b.high)),
            (loosely_below(a.low), loosely_above(a.high)),
        )
    # A count that is not 0 is at least 1.
    low = a.low + 1 if whole and b.low == b.high == a.low else a.low
    return (low, a.high), (b.low, b.high)


def _below(strict: bool, a: Possible, b: Possible, whole: bool) -> tuple[Bounds, Bounds]:
    """Return the bounds of a and b where a < b, or a <= b."""
    if not strict:
        return (a.low, loosely_above(b.high)), (loosely_below(a.low), b.high)
    if whole:
        return (a.low, b.high - 1), (a.low + 1, b.high)
    return (a.low, strictly_below(b.high)), (strictly_above(a.low), b.high)
