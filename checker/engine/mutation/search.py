"""An example that would kill a mutant, searched among small changes of the rule's own examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from checker.engine.mutation.mutants import Mutant
from checker.engine.mutation.trial import status_on
from checker.engine.mutation.variations import Variations
from checker.engine.ruleset import RuleSet, TypedRule
from checker.model.frozen import dataclass
from checker.model.report import Status
from checker.model.rules import Example

# How many changed records are tried for one mutant: with one change each, then with two.
MOST_SINGLES = 1_000
MOST_PAIRS = 1_000
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

    def __init__(self, valid: Callable[[Example], bool]) -> None:
        self.valid = valid
        self._known: dict[str, dict[str, Status]] = {}

    def find(self, mutant: Mutant, right: RuleSet, wrong: RuleSet) -> Suggestion | None:
        """Return an example that kills a mutant, or None where the search finds none.

        Args:
            mutant: one that survived.
            right: its rules as they are.
            wrong: the same rules with the mutant's slip.
        """
        words = frozenset(_WORD.findall(f"{mutant.old} {mutant.new}"))
        pairs = list(zip(right.rules, wrong.rules, strict=True))
        order = [typed.rule.id for typed in mutant.rules]
        pairs.sort(key=lambda pair: order.index(pair[0].rule.id))
        del pairs[MOST_RULES:]
        undecided: Suggestion | None = None
        patience = PATIENCE
        for singles in (True, False):
            for before, after in pairs:
                varied = Variations([(before, right), (after, wrong)], words)
                most = MOST_SINGLES if singles else MOST_PAIRS
                for key, example in islice(varied.examples(pairs=not singles), most // len(pairs)):
                    patience -= undecided is not None
                    if patience <= 0:
                        return undecided
                    status = self._status(key, before, right, example)
                    if status == status_on(wrong, after, example) or not self.valid(example):
                        continue
                    found = Suggestion(before.rule.id, _worded(example, mutant, status))
                    if status in ("pass", "fail"):
                        return found
                    undecided = undecided or found
            if undecided is not None:
                return undecided
        return None

    def unknown(self, typed: TypedRule, rules: RuleSet) -> Suggestion | None:
        """Return an example on which a rule is unknown, or None where the search finds none."""
        for example in islice(Variations([(typed, rules)]).lessened(), MOST_LESSENED):
            if status_on(rules, typed, example) == "unknown" and self.valid(example):
                why = "the record does not say enough"
                return Suggestion(typed.rule.id, replace(example, expect="unknown", why=why))
        return None

    def _status(self, key: str, typed: TypedRule, rules: RuleSet, example: Example) -> Status:
        """Return a rule's own outcome; the searches for its mutants ask for many of them again."""
        known = self._known.setdefault(typed.rule.id, {})
        if key not in known:
            known[key] = status_on(rules, typed, example)
        return known[key]


def _worded(example: Example, mutant: Mutant, status: Status) -> Example:
    """Return the example with what it expects, and why it is there."""
    why = f"it says {_short(mutant.old)}, not {_short(mutant.new)}"
    return replace(example, expect=cast(Any, status), why=why)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else text[: _LONGEST_PART - 3] + "..."
