"""An example that would kill a mutant, searched among small changes of the rule's own examples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, TypeVar, cast

from checker.engine.mutation.candidates import MISSING, Pool, candidates, pool_of
from checker.engine.mutation.mutants import Mutant
from checker.engine.mutation.trial import bind_example, status_on
from checker.engine.mutation.walk import read_by
from checker.engine.places import raw_at
from checker.engine.prepared import PreparedRule
from checker.engine.ruleset import RuleSet, TypedRule
from checker.language.nodes import Choose, Path
from checker.language.trace import Place
from checker.model.frozen import dataclass
from checker.model.report import Status
from checker.model.rules import Example
from checker.model.types import Field, MoneyType, Type

# How many changed records are tried for one mutant: with one change each, then with two.
MOST_SINGLES = 1_000
MOST_PAIRS = 1_000
# How many more are tried for one that passes or fails, after one that is unknown.
PATIENCE = 200
# A reason longer than this is cut in the middle of a part.
_LONGEST_PART = 70
_T = TypeVar("_T")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """An example that a rule may take as it is: it kills a mutant that survived."""

    rule: str
    example: Example


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    place: Place
    value: Any
    currency: tuple[str, ...] = ()


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
        undecided: Suggestion | None = None
        patience = PATIENCE
        for singles in (True, False):
            for before, after in pairs:
                known = self._known.setdefault(before.rule.id, {})
                trial = _Trial(before, after, right, wrong, known, words)
                most = MOST_SINGLES if singles else MOST_PAIRS
                for key, example in islice(trial.examples(pairs=not singles), most // len(pairs)):
                    patience -= undecided is not None
                    if patience <= 0:
                        return undecided
                    status = trial.parts_on(key, example)
                    if status is None or not self.valid(example):
                        continue
                    found = Suggestion(before.rule.id, _worded(example, mutant, status))
                    if status in ("pass", "fail"):
                        return found
                    undecided = undecided or found
            if undecided is not None:
                return undecided
        return None


class _Trial:
    """One rule beside its mutant.

    `known` are the rule's own outcomes, which other mutants share. Places that are named in
    the slip, by `words`, are changed first.
    """

    def __init__(
        self,
        before: TypedRule,
        after: TypedRule,
        right: RuleSet,
        wrong: RuleSet,
        known: dict[str, Status],
        words: frozenset[str],
    ) -> None:
        self.words = words
        self.known = known
        self.before, self.after = before, after
        self.right, self.wrong = right, wrong
        self.thresholds = [param.value for param in before.rule.params.values()]
        self.cells = [row for table in right.tables.values() for row in table.rows]

    def parts_on(self, key: str, example: Example) -> Status | None:
        """Return how the rule comes out where its mutant comes out otherwise, else None."""
        status = self.known.get(key)
        if status is None:
            status = self.known[key] = status_on(self.right, self.before, example)
        return None if status == status_on(self.wrong, self.after, example) else status

    def examples(self, *, pairs: bool) -> Iterator[tuple[str, Example]]:
        """Give changed examples with their texts, each once, in turns from the rule's own."""
        tried: set[str] = set()
        bases = self.before.rule.examples
        for example in _in_turns([self._changed(each, pairs) for each in bases]):
            key = json.dumps([example.records, example.as_of], sort_keys=True, default=str)
            if key not in tried:
                tried.add(key)
                yield key, example

    def _changed(self, base: Example, pairs: bool) -> Iterator[Example]:
        changes = list(_in_turns(self._changes(base)))
        if not pairs:
            yield from (_apply(base, change) for change in changes)
            return
        # The likeliest with the likeliest: both numbers of a pair grow together.
        for total in range(1, 2 * len(changes)):
            for low in range(max(0, total - len(changes) + 1), (total + 1) // 2):
                first, second = changes[low], changes[total - low]
                if first.place != second.place:
                    yield _apply(_apply(base, first), second)

    def _changes(self, base: Example) -> list[Iterator[_Change]]:
        """Give the changes of each place that is read, those first that the slip names."""
        nodes = (*read_by(self.before), *read_by(self.after))
        pool = pool_of(nodes, (*self.thresholds, base.records, base.as_of, *self.cells))
        places = self._places(base)
        order = sorted(places, key=lambda each: self.words.isdisjoint(map(str, each)))
        changes = [self._of_place(base, place, *places[place], pool) for place in order]
        if base.as_of:
            changes.append(_Change(("as_of",), day) for day in _days(pool, base.as_of))
        return changes

    def _of_place(
        self, base: Example, place: Place, type_: Type, field: Field | None, pool: Pool
    ) -> Iterator[_Change]:
        currency = field.currency if field is not None and isinstance(type_, MoneyType) else ()
        values = candidates(type_, raw_at(base.records, place), pool)
        for value in chain(values, self._transplants(base, place)):
            yield _Change(place, value, currency)

    def _transplants(self, base: Example, place: Place) -> Iterator[Any]:
        """Give what the rule's other examples have at a place."""
        for other in self.before.rule.examples:
            value = raw_at(other.records, place) if other is not base else None
            if value is not None:
                yield value

    def _places(self, base: Example) -> dict[Place, tuple[Any, Field | None]]:
        """Return the places that the rule and its mutant read in an example, with their types."""
        found: dict[Place, tuple[Any, Field | None]] = {}
        for rules, typed in ((self.right, self.before), (self.wrong, self.after)):
            desk, values = bind_example(rules, base)
            for step in PreparedRule(typed, desk).trace(values).frame.steps:
                if step.place and isinstance(step.node, Path | Choose):
                    field = step.node.field if isinstance(step.node, Path) else None
                    place = _in_records(step.place)
                    if place[0] not in ("params", "today"):
                        found.setdefault(place, (step.node.type, field))
        return found


def _days(pool: Pool, as_of: str) -> Iterator[Any]:
    from checker.model.types import DateType

    return (day for day in candidates(DateType(), as_of, pool) if day is not MISSING)


def _in_records(place: Place) -> Place:
    """Return where an example writes what a rule reads: a deal's influencer stands beside it."""
    return place[1:] if place[:2] == ("deal", "influencer") else place


def _in_turns(sources: Sequence[Iterator[_T]]) -> Iterator[_T]:
    waiting = list(sources)
    while waiting:
        for source in list(waiting):
            found = next(source, None)
            if found is None:
                waiting.remove(source)
            else:
                yield found


def _apply(base: Example, change: _Change) -> Example:
    if change.place == ("as_of",):
        return replace(base, as_of=change.value)
    records = _set(base.records, change.place, change.value)
    if change.currency and change.value is not MISSING:
        # An amount without a currency is no amount.
        record = change.place[:2] if change.place[0] == "shortlist" else change.place[:1]
        if len(change.place) > 2 and change.place[2] == "influencer":
            record = change.place[:3]
        place = (*record, *change.currency)
        if raw_at(records, place) is None:
            own = raw_at(records, ("brief", "budget", "currency"))
            records = _set(records, place, own or "GBP")
    return replace(base, records=records)


def _set(data: Any, place: Place, value: Any) -> Any:
    """Return plain data with one value set, or taken out; what is empty after that goes too."""
    if not place:
        return value
    first, rest = place[0], place[1:]
    if isinstance(first, int):
        members = list(data) if isinstance(data, list | tuple) else []
        if first < len(members):
            made = _set(members[first], rest, value)
            members[first : first + 1] = [] if made is MISSING else [made]
        return members
    kept = dict(data) if isinstance(data, Mapping) else {}
    made = _set(kept.get(first, {}), rest, value)
    kept.pop(first, None) if made is MISSING else kept.__setitem__(first, made)
    return kept


def _worded(example: Example, mutant: Mutant, status: Status) -> Example:
    """Return the example with what it expects, and why it is there."""
    why = f"it says {_short(mutant.old)}, not {_short(mutant.new)}"
    return replace(example, expect=cast(Any, status), why=why)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else text[: _LONGEST_PART - 3] + "..."
