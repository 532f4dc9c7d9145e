"""What would make a rule pass: one field changed, in the record's own terms.

Only fields that the schema marks as changeable are tried: never a fact about an audience, never
a threshold. Candidates come from what the condition read; each is tried on the changed record,
and only what passes is proposed: the smallest change of each field.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from itertools import islice
from math import ceil, floor, isclose, isfinite
from typing import Any

from checker.engine.places import path_text, raw_at
from checker.engine.prepared import PreparedRule
from checker.engine.proposals import (
    Pool,
    Proposal,
    Wanted,
    meeting_point,
    members,
    proposals,
    start_of,
    step_of,
    words_of,
)
from checker.engine.sides import Decided, Reading
from checker.engine.trials import Trials, changeable_at
from checker.language.nodes import Call, Compare, Contains, Convert, Literal, Node
from checker.language.trace import Place, place_of
from checker.model.report import Remedy
from checker.model.types import DateType, Field, MoneyType, NumberType, TableType, TextType
from checker.model.values import UNKNOWN, Label, Range, Value

# Each trial runs the whole rule again; a field that has no answer soon is left out.
_MOST_TRIALS = 12
# A shortlist has as many fees as deals: a few are tried, after the brief's own fields.
_MOST_FIELDS = 12


def remedies(
    prepared: PreparedRule, decided: Decided | None, reading: Reading, values: Mapping[str, Value]
) -> tuple[Remedy, ...]:
    """Return single changes, each of which makes the rule pass: "fee at most GBP 480".

    One text is proposed, such as a caption, and only where nothing else helps. Each trial is a
    run of the rule, so there is none where one run takes long.

    Args:
        prepared: the rule, which fails or is unknown.
        decided: the comparison that decided, where one did.
        reading: what a traced run of the rule read.
        values: the subject's bound records.
    """
    if reading.frame.is_long:
        return ()
    search = _Search(prepared, decided, reading, values)
    fields = search.fields()
    texts = {place: field for place, field in fields.items() if isinstance(field.type, TextType)}
    found = [search.remedy(place, fields[place]) for place in fields if place not in texts]
    kept = tuple(each for each in found if each is not None)
    if kept:
        return kept
    tried = (search.remedy(place, field) for place, field in texts.items())
    return tuple(islice((each for each in tried if each is not None), 1))


class _Search:
    """Looks for the smallest change of each field that makes the rule pass."""

    def __init__(
        self,
        prepared: PreparedRule,
        decided: Decided | None,
        reading: Reading,
        values: Mapping[str, Value],
    ) -> None:
        self.prepared = prepared
        self.decided = decided
        self.reading = reading
        self.trials = Trials(prepared, reading.records, values)
        self.pool = Pool.of(reading.frame.steps)

    def fields(self) -> dict[Place, Field]:
        """Return the fields that the rule read and a party to the deal can change."""
        types = self.prepared.desk.rules.types
        places = (step.place for step in self.reading.frame.steps)
        found = (changeable_at(place, types) for place in places if place is not None)
        fields = dict(each for each in found if each is not None)
        own_first = sorted(fields, key=lambda place: place[0] == "shortlist")
        return {place: fields[place] for place in own_first[:_MOST_FIELDS]}

    def remedy(self, place: Place, field: Field) -> Remedy | None:
        """Return the first change of a field, the smallest first, with which the rule passes."""
        held = self.reading.records.find(place)
        if held is None:
            return None
        record, path = held
        now = raw_at(record.data, path)
        for count, change in enumerate(self._proposals(place, field, now)):
            if count == _MOST_TRIALS:
                return None
            if self.trials.passes(place, change.value):
                whose = self.reading.records.whose(place)
                change = self._smallest(place, change, field, now)
                find_bound = self._day_bound if isinstance(field.type, DateType) else self._bound
                bound = find_bound(place, change.value, now)
                words = words_of(change, bound, field, record.data)
                return Remedy(
                    f"{whose} {words}" if whose else words,
                    record.kind,
                    path_text(path),
                    change.value,
                    record.position(path),
                )
        return None

    def _smallest(self, place: Place, change: Proposal, field: Field, now: Any) -> Proposal:
        """Return the number nearest to the present one with which the rule passes."""
        start = start_of(now)
        if start is None or not isinstance(field.type, NumberType | MoneyType):
            return change
        step = step_of(field.type)
        good = round(change.value / step)
        if not isclose(good * step, change.value):
            return change
        bad = floor(start / step) if change.value > start else ceil(start / step)
        tried = good - 1 if good > bad else good + 1
        while abs(good - bad) > 1:
            if self.trials.passes(place, round(tried * step, 2)):
                good = tried
            else:
                bad = tried
            tried = (good + bad) // 2
        return change if good * step == change.value else Proposal(round(good * step, 2))

    def _bound(self, place: Place, value: Any, now: Any) -> str:
        """Say whether smaller or larger numbers pass too."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        start = start_of(now)
        if start is not None:
            return "at least" if value > start else "at most"
        if self.trials.passes(place, value * 0.99):
            return "at most"
        return "at least" if self.trials.passes(place, value * 1.01) else "of"

    def _day_bound(self, place: Place, value: str, now: Any) -> str:
        """Say whether later or earlier days pass too."""
        day = datetime.date.fromisoformat(value).toordinal()
        for word, away in (("later", 1), ("earlier", -1)):
            other = day + away
            if 1 <= other <= datetime.date.max.toordinal() and self.trials.passes(
                place, datetime.date.fromordinal(other).isoformat()
            ):
                return word
        return ""

    def _proposals(self, place: Place, field: Field, now: Any) -> Iterator[Proposal]:
        if self.decided is not None and isinstance(field.type, NumberType | MoneyType):
            start = start_of(now)
            yield from meeting_point(
                lambda value: self._difference(place, value),
                1.0 if start is None else start,
                field,
                missing=now is None,
            )
        yield from proposals(field, now, self.pool, self._wanted(place))

    def _difference(self, place: Place, value: float) -> float | None:
        """Return how far apart the sides of the comparison that decided are, with a new value.

        Of ranges those ends count that must pass for the comparison to hold for certain.
        """
        assert self.decided is not None
        latest = self.trials.run(place, value)
        node = self.decided.node
        left_is_low = node.operator in (">", ">=")
        left = _end(latest.get(id(node.left)), low=left_is_low)
        right = _end(latest.get(id(node.right)), low=not left_is_low)
        return None if left is None or right is None else left - right

    def _wanted(self, place: Place) -> Wanted:
        """Return the words that the rule looks for in the text at a place, and what it is to be."""
        words: dict[str, None] = {}
        texts: dict[str, None] = {}
        for step in self.reading.frame.steps:
            match step.node:
                case Call(function="mentions", arguments=(text, table)):
                    if self._is_at(text, place):
                        words.update(dict.fromkeys(self._words_of(table.type)))
                case Compare(operator="==", left=left, right=right):
                    for one, other in ((left, right), (right, left)):
                        if self._is_at(one, place):
                            texts.update(dict.fromkeys(self._texts_of(other)))
                case Contains(item=item, members=others) if self._is_at(item, place):
                    texts.update(dict.fromkeys(self._texts_of(others)))
        return Wanted(tuple(words), tuple(texts))

    def _is_at(self, node: Node, place: Place) -> bool:
        return place_of(_unconverted(node), self.reading.frame) == place

    def _texts_of(self, node: Node) -> Iterator[str]:
        if isinstance(node, Literal):
            value = node.value
        else:
            value = self.reading.latest.get(id(_unconverted(node)), UNKNOWN)
        for member in members(value):
            if isinstance(member, Label | str):
                yield member.text if isinstance(member, Label) else member

    def _words_of(self, table: object) -> Iterator[str]:
        if isinstance(table, TableType) and table.keys:
            for row in self.prepared.desk.context.tables[table].rows:
                word = row.get(table.keys[0])
                if isinstance(word, Label | str):
                    yield word.text if isinstance(word, Label) else word


def _unconverted(node: Node) -> Node:
    while isinstance(node, Convert):
        node = node.source
    return node


def _end(value: Value | None, *, low: bool) -> float | None:
    """Return a number, or an end of a range; None where there is none."""
    if isinstance(value, Range):
        value = value.low if low else value.high
    return value if isinstance(value, float) and isfinite(value) else None
