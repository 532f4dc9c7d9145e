"""An example that would kill a mutant, searched among small changes of the rule's own examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from checker.engine.mutation.mutants import Mutant
from checker.engine.mutation.trial import Trial, Workbench
from checker.engine.mutation.variations import Variations
from checker.engine.mutation.walk import read_by
from checker.engine.ruleset import TypedRule
from checker.language.nodes import subtree
from checker.model.frozen import dataclass
from checker.model.report import Status
from checker.model.rules import Example

# How many changed records are tried for one mutant: with one change each, then with two.
MOST_TRIED = 1_000
# Fewer of a rule that is large: so many of its parts are run at the most, each time.
MOST_WORK = 400_000
# Of a definition that many rules read, so many rules are tried.
MOST_RULES = 4
MOST_LESSENED = 300
# How many more are tried for one that passes or fails, after one that is unknown.
PATIENCE = 200
# A reason longer than this is cut in the middle of a part.
_LONGEST_PART = 70
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """An example that a rule may take as it is: it kills a mutant that survived."""

    rule: str
    example: Example


class Search:
    """Looks for examples on which a rule and its mutant part.

    `valid` tells whether an example's records are such as the schemas allow.
    """

    def __init__(self, bench: Workbench, valid: Callable[[Example], bool]) -> None:
        self.bench = bench
        self.valid = valid
        self._known: dict[str, dict[str, Status]] = {}

    def find(self, mutant: Mutant) -> Suggestion | None:
        """Return an example that kills a mutant which survived; None where none is found."""
        rules = mutant.rules[:MOST_RULES]
        right, wrong = self.bench.build(rules), self.bench.build(rules, mutant)
        if right is None or wrong is None:
            return None
        words = frozenset(_WORD.findall(f"{mutant.old} {mutant.new}"))
        order = [typed.rule.id for typed in rules]
        pairs = [
            _Pair(Trial(right, before), Trial(wrong, after), words)
            for before, after in zip(right.rules, wrong.rules, strict=True)
        ]
        pairs.sort(key=lambda pair: order.index(pair.right.typed.rule.id))
        for two_changes in (False, True):
            found = self._among(pairs, two_changes)
            if found is not None:
                example = _worded(found.example, mutant)
                return Suggestion(found.rule, example)
        return None

    def _among(self, pairs: list[_Pair], two_changes: bool) -> Suggestion | None:
        """Return the first that passes or fails, else the first that is unknown or skipped."""
        first: Suggestion | None = None
        patience = PATIENCE
        for pair in pairs:
            typed = pair.right.typed
            most = min(MOST_TRIED, MOST_WORK // pair.size) // len(pairs)
            for key, example in islice(pair.varied.examples(pairs=two_changes), most):
                patience -= first is not None
                if patience <= 0:
                    return first
                status = self._status(key, pair.right, example)
                if status == pair.wrong.status(example) or not self.valid(example):
                    continue
                found = Suggestion(typed.rule.id, replace(example, expect=cast(Any, status)))
                if status in ("pass", "fail"):
                    return found
                first = first or found
        return first

    def unknown(self, typed: TypedRule) -> Suggestion | None:
        """Return an example on which a rule is unknown, or None where the search finds none."""
        rules = self.bench.build([typed])
        if rules is None:
            return None
        trial = Trial(rules, rules.rules[0])
        varied = Variations([(rules.rules[0], rules)])
        for example in islice(varied.lessened(), MOST_LESSENED):
            if trial.status(example) == "unknown" and self.valid(example):
                why = "the record does not say enough"
                return Suggestion(typed.rule.id, replace(example, expect="unknown", why=why))
        return None

    def _status(self, key: str, trial: Trial, example: Example) -> Status:
        """Return a rule's own outcome; the searches for its mutants ask for many of them again."""
        known = self._known.setdefault(trial.typed.rule.id, {})
        if key not in known:
            known[key] = trial.status(example)
        return known[key]


class _Pair:
    """A rule beside its mutant, and the examples that both are tried on."""

    def __init__(self, right: Trial, wrong: Trial, words: frozenset[str]) -> None:
        self.right, self.wrong = right, wrong
        read = [(trial.typed, trial.rules) for trial in (right, wrong)]
        self.varied = Variations(read, words)
        self.size = sum(1 for node in read_by(right.typed) for _ in subtree(node))


def _worded(example: Example, mutant: Mutant) -> Example:
    """Return the example with the reason why it is there."""
    return replace(example, why=f"it says {_short(mutant.old)}, not {_short(mutant.new)}")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else text[: _LONGEST_PART - 3] + "..."
