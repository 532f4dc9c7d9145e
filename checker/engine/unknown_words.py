"""Which words of records no vocabulary knows, and which known ones are near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.engine.ruleset import RuleSet
from checker.language.text import BRANDS, label_form
from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass
from checker.model.records import Campaign, DataPath, Record
from checker.model.types import DistributionType, ListType, RecordType, TextType, Type
from checker.model.unknown_words import NearWord, UnknownWord, WordReport

_MOST_NEAR = 3
# Near words are looked for of so many, the most frequent ones.
_MOST_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class _Found:
    """A word of a record: where in the record it stands, and the type of its field."""

    path: DataPath
    word: str
    type: TextType


class WordSearch:
    """Gathers the words of campaigns; a word in a place that several share counts once."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, Position]] = set()
        self._unknown: dict[tuple[str, str], _Gathered] = {}
        self._missing: dict[str, None] = {}
        self._packs: set[str] = set()

    def add(self, campaign: Campaign, rules: RuleSet) -> None:
        """Look at every record of a campaign but dropped deals, by the vocabularies in force."""
        self._packs.update(pack.name for pack in rules.packs)
        for record in _records(campaign):
            for found in _words(record.data, rules.types[record.kind], ()):
                if record.origin(found.path) is record:
                    self._look(record, found, rules)

    def _look(self, record: Record, found: _Found, rules: RuleSet) -> None:
        vocabulary = found.type.vocabulary
        if vocabulary not in rules.vocabularies:
            if vocabulary != BRANDS:  # Nobody has a list of all brands.
                self._missing[vocabulary] = None
            return
        position = record.locate(found.path)
        key = label_form(found.word, vocabulary) or found.word
        place = (vocabulary, key, position)
        if place in self._seen:
            return
        self._seen.add(place)
        if key in rules.vocabularies[vocabulary]:
            return
        gathered = self._unknown.get((vocabulary, key))
        if gathered is None:
            gathered = self._unknown[vocabulary, key] = _Gathered(found.word, position, rules)
        gathered.times += 1
        field = (record.kind, *(step for step in found.path if isinstance(step, str)))
        if isinstance(found.path[-1], str) and found.path[-1] == found.word:
            field = field[:-1]  # A word that is itself the name of a share.
        gathered.fields.setdefault(".".join(field))

    def report(self, wrong: Iterable[Diagnostic] = ()) -> WordReport:
        """Return what was found: by vocabulary, the most frequent words first."""
        frequent = sorted(self._unknown, key=lambda key: -self._unknown[key].times)
        compared = frozenset(frequent[:_MOST_COMPARED])
        order = sorted(self._unknown, key=lambda key: (key[0], -self._unknown[key].times, key[1]))
        return WordReport(
            len(self._seen),
            tuple(self._unknown[key].result(key[0], near=key in compared) for key in order),
            tuple(sorted(self._missing)),
            tuple(wrong),
            frozenset(self._packs),
        )


class _Gathered:
    """What is known so far of an unknown word."""

    def __init__(self, word: str, first: Position, rules: RuleSet) -> None:
        self.word = word
        self.first = first
        self.rules = rules
        self.times = 0
        self.fields: dict[str, None] = {}

    def result(self, vocabulary: str, *, near: bool) -> UnknownWord:
        words = self.rules.vocabularies[vocabulary]
        key = words.key(self.word)
        labels = words.near_words(key)[:_MOST_NEAR] if near else ()
        return UnknownWord(
            vocabulary,
            self.word,
            self.times,
            tuple(self.fields),
            self.first,
            tuple(NearWord(each, each) for each in labels),
            near and words.is_slip(key),
        )


def _records(campaign: Campaign) -> Iterator[Record]:
    yield campaign.brand
    yield campaign.brief
    for entry in campaign.shortlist:
        if not entry.dropped and entry.influencer is not None:
            yield entry.influencer
            yield entry.deal
    for draft in campaign.posts:
        if draft.record is not None:
            yield draft.record


def _words(data: Any, type_: Type, path: DataPath) -> Iterator[_Found]:
    """Yield the words of a value whose fields have a vocabulary."""
    match type_:
        case TextType(kind="label", vocabulary=vocabulary) if vocabulary:
            yield _Found(path, data, type_)
        case DistributionType(keys=TextType(kind="label") as keys) if keys.vocabulary:
            for word in data:
                yield _Found((*path, word), word, keys)
        case ListType():
            for index, each in enumerate(data):
                yield from _words(each, type_.item, (*path, index))
        case RecordType():
            for name, field in type_.fields.items():
                if name in data:
                    yield from _words(data[name], field.type, (*path, name))
