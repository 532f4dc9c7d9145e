"""What would make a rule pass: one field changed, in the record's own terms.

Only fields that the schema marks as changeable are tried: never a fact about an audience, never
a threshold. Candidates come from what the condition read; each is tried on the changed record,
and only what passes is proposed: the smallest change of each field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from checker.engine.places import path_text, raw_at
from checker.engine.prepared import PreparedRule
from checker.engine.proposals import Pool, Proposal, meeting_point, proposals, words_of
from checker.engine.sides import Decided, Reading
from checker.engine.trials import Trials, changeable_at
from checker.language.nodes import Call
from checker.language.trace import Place, place_of
from checker.model.report import Remedy
from checker.model.types import Field, MoneyType, NumberType, TableType, TextType
from checker.model.values import Label, Value

# Each trial runs the whole rule again; a field that has no answer soon is left out.
_MOST_TRIALS = 12
# A shortlist has as many fees as deals: a few are tried, after the brief's own fields.
_MOST_FIELDS = 12


def remedies(
    prepared: PreparedRule, decided: Decided | None, reading: Reading, values: Mapping[str, Value]
) -> tuple[Remedy, ...]:
    """Return single changes, each of which makes the rule pass: "fee at most GBP 480".

    One text is proposed, such as a caption, and only where nothing else helps.

    Args:
        prepared: the rule, which fails or is unknown.
        decided: the comparison that decided, where one did.
        reading: what a traced run of the rule read.
        values: the subject's bound records.
    """
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
                words = words_of(change, self._bound(place, change.value, now), field, record.data)
                return Remedy(
                    f"{whose} {words}" if whose else words,
                    record.kind,
                    path_text(path),
                    change.value,
                    record.position(path),
                )
        return None

    def _bound(self, place: Place, value: Any, now: Any) -> str:
        """Say whether smaller or larger numbers pass too."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        if isinstance(now, int | float):
            return "at least" if value > now else "at most"
        if self.trials.passes(place, value * 0.99):
            return "at most"
        return "at least" if self.trials.passes(place, value * 1.01) else "of"

    def _proposals(self, place: Place, field: Field, now: Any) -> Iterator[Proposal]:
        if self.decided is not None and isinstance(field.type, NumberType | MoneyType):
            start = float(now) if isinstance(now, int | float) else 1.0
            yield from meeting_point(
                lambda value: self._difference(place, value), start, field, missing=now is None
            )
        yield from proposals(field, now, self.pool, self._words_for(place))

    def _difference(self, place: Place, value: float) -> float | None:
        """Return how far apart the sides of the comparison that decided are, with a new value."""
        assert self.decided is not None
        latest = self.trials.run(place, value)
        node = self.decided.node
        left, right = latest.get(id(node.left)), latest.get(id(node.right))
        if isinstance(left, float) and isinstance(right, float):
            return left - right
        return None

    def _words_for(self, place: Place) -> list[str]:
        """Return the words that the rule looks for in the text at a place."""
        found: dict[str, None] = {}
        frame = self.reading.frame
        for step in frame.steps:
            match step.node:
                case Call(function="mentions", arguments=(text, table)):
                    if place_of(text, frame) == place:
                        found.update(dict.fromkeys(self._words_of(table.type)))
        return list(found)

    def _words_of(self, table: object) -> Iterator[str]:
        if isinstance(table, TableType) and table.keys:
            for row in self.prepared.desk.context.tables[table].rows:
                word = row.get(table.keys[0])
                if isinstance(word, Label | str):
                    yield word.text if isinstance(word, Label) else word
