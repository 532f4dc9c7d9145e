"""Small changes of a rule's examples, at the places that the rule reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from checker.engine.mutation.candidates import MISSING, Pool, candidates, pool_of
from checker.engine.mutation.trial import bind_example
from checker.engine.mutation.walk import read_by
from checker.engine.places import raw_at
from checker.engine.prepared import PreparedRule
from checker.engine.ruleset import RuleSet, TypedRule
from checker.language.nodes import Choose, Path
from checker.language.trace import Place
from checker.model.frozen import dataclass
from checker.model.rules import Example
from checker.model.types import DateType, Field, MoneyType, Type

_T = TypeVar("_T")
# The currency that every amount is read in.
_OF_BRIEF = ("brief", "budget", "currency")


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    place: Place
    value: Any
    currency: tuple[str, ...] = ()


class Variations:
    """The examples of a rule, changed a little.

    `read` are the rule and what else reads the examples, each with its set. The places that `words`
    name are changed first.
    """

    def __init__(
        self, read: Sequence[tuple[TypedRule, RuleSet]], words: frozenset[str] = frozenset()
    ) -> None:
        self.read = read
        self.rule = read[0][0].rule
        self.words = words
        self.nodes = [node for typed, _ in read for node in read_by(typed)]
        thresholds = [param.value for param in self.rule.params.values()]
        cells = [row for table in read[0][1].tables.values() for row in table.rows]
        self.spoken = (*thresholds, *cells)

    def examples(self, *, pairs: bool) -> Iterator[tuple[str, Example]]:
        """Give changed examples, each once and with its text, in turns from the rule's own.

        One change is made in each, or two where `pairs` are asked for.
        """
        tried: set[str] = set()
        for example in _in_turns([self._changed(each, pairs) for each in self.rule.examples]):
            key = json.dumps([example.records, example.as_of], sort_keys=True, default=str)
            if key not in tried:
                tried.add(key)
                yield key, example

    def lessened(self) -> Iterator[Example]:
        """Give examples that say less: a value is missing, or only known within a range."""
        for base in self.rule.examples:
            pool = self._pool(base)
            for place, (type_, _) in self._places(base).items():
                raw = raw_at(base.records, place)
                for value in candidates(type_, raw, pool):
                    if value is MISSING or _says_less(value, raw):
                        yield _apply(base, _Change(place, value))

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
        pool = self._pool(base)
        places = self._places(base)
        order = sorted(places, key=lambda each: self.words.isdisjoint(map(str, each)))
        changes = [self._of_place(base, place, *places[place], pool) for place in order]
        if base.as_of:
            changes.append(_Change(("as_of",), day) for day in _days(pool, base.as_of))
        return changes

    def _pool(self, base: Example) -> Pool:
        return pool_of(self.nodes, (*self.spoken, base.records, base.as_of))

    def _of_place(
        self, base: Example, place: Place, type_: Type, field: Field | None, pool: Pool
    ) -> Iterator[_Change]:
        currency = field.currency if field is not None and isinstance(type_, MoneyType) else ()
        values = candidates(type_, raw_at(base.records, place), pool)
        for value in chain(values, self._transplants(base, place)):
            yield _Change(place, value, currency)

    def _transplants(self, base: Example, place: Place) -> Iterator[Any]:
        """Give what the rule's other examples have at a place."""
        for other in self.rule.examples:
            value = raw_at(other.records, place) if other is not base else None
            if value is not None:
                yield value

    def _places(self, base: Example) -> dict[Place, tuple[Any, Field | None]]:
        """Return the places that are read in an example, with their types."""
        found: dict[Place, tuple[Any, Field | None]] = {}
        for typed, rules in self.read:
            desk, values = bind_example(rules, base)
            for step in PreparedRule(typed, desk).trace(values).frame.steps:
                if step.place and isinstance(step.node, Path | Choose):
                    field = step.node.field if isinstance(step.node, Path) else None
                    place = _in_records(step.place)
                    if place[0] not in ("params", "today"):
                        found.setdefault(place, (step.node.type, field))
        return found


def _says_less(value: Any, raw: Any) -> bool:
    """Tell whether a value is a range, or a part of a mapping."""
    if not isinstance(value, Mapping):
        return False
    if not isinstance(raw, Mapping):
        return value.keys() == {"min", "max"}
    return value.items() < raw.items()


def _days(pool: Pool, as_of: str) -> Iterator[Any]:
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
        own = raw_at(records, _OF_BRIEF) or raw_at(records, place) or "GBP"
        for missing in (place, _OF_BRIEF):
            if raw_at(records, missing) is None:
                records = _set(records, missing, own)
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
