"""Which words of records no vocabulary knows, and which known ones are near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from checker.engine.ruleset import RuleSet
from checker.language.suggest import distance
from checker.language.text import BRANDS, label_form
from checker.model.diagnostics import Diagnostic, Position
from checker.model.frozen import dataclass
from checker.model.records import Campaign, DataPath, Record
from checker.model.types import DistributionType, ListType, RecordType, TextType, Type
from checker.model.unknown_words import NearWord, UnknownWord, WordReport

_MOST_NEAR = 3
# Near words are looked for of so many, the most frequent ones.
_MOST_COMPARED = 1000
# A word as short as this is near too many others to be called misspelt.
_SHORT = 4
# Words that two labels may share without being about the same.
_COMMON = frozenset(("a", "and", "for", "in", "my", "of", "on", "or", "the", "to", "with"))


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
        position, key = record.locate(found.path), label_form(found.word, vocabulary)
        place = (vocabulary, key, position)
        if place in self._seen:
            return
        self._seen.add(place)
        # A category is looked for in topics too, where a rule compares the two.
        known = rules.vocabularies if found.type.lenient else (vocabulary,)
        if any(key in rules.vocabularies[name] for name in known):
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
            tuple(self._unknown[key].result(*key, near=key in compared) for key in order),
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

    def result(self, vocabulary: str, key: str, *, near: bool) -> UnknownWord:
        known = self.rules.vocabularies[vocabulary] if near else {}
        alike, misspelt = near_words(key, known)
        written = _labels(self.rules, vocabulary)
        return UnknownWord(
            vocabulary,
            self.word,
            self.times,
            tuple(self.fields),
            self.first,
            tuple(NearWord(each.word, written.get(each.label, each.label)) for each in alike),
            misspelt,
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


def _labels(rules: RuleSet, vocabulary: str) -> Mapping[str, str]:
    """Return the labels of a vocabulary as packs write them, by their canonical forms."""
    tables = (
        table
        for pack in rules.packs
        for table in pack.tables.values()
        if table.kind == "vocabulary" and table.name == vocabulary
    )
    return {
        label_form(row["label"], vocabulary): row["label"] for table in tables for row in table.rows
    }


def near_words(key: str, known: Mapping[str, str]) -> tuple[tuple[NearWord, ...], bool]:
    """Return the known words nearest to a canonical one, and whether it is likely misspelt.

    Nearest are words with a slip of a letter or two between, else those that share a word, best
    those that are part of it, else those that are spelt alike. `known` maps words to their
    labels, all canonical.
    """
    for words, misspelt in (
        (_alike(key, known, max(1, len(key) // 6)), len(key) > _SHORT),
        (_sharing(key, known), False),
        (_alike(key, known, len(key) // 4), False),
    ):
        if words:
            # One word for each label: five kinds of running say no more than one.
            by_label: dict[str, NearWord] = {}
            for word in words:
                by_label.setdefault(known[word], NearWord(word, known[word]))
            return tuple(by_label.values())[:_MOST_NEAR], misspelt
    return (), False


def _alike(key: str, known: Iterable[str], most: int) -> Sequence[str]:
    """Return the words that are spelt most alike, with at most so many slips."""
    letters = set(key)
    # What has another length or other letters cannot be near: to compare costs much more.
    likely = (
        each
        for each in known
        if abs(len(each) - len(key)) <= most and len(letters.difference(each)) <= most
    )
    far = {each: distance(key, each) for each in likely}
    least = min(far.values(), default=most + 1)
    return sorted(each for each in far if far[each] == least <= most)


def _sharing(key: str, known: Iterable[str]) -> Sequence[str]:
    """Return the words that share a word with a longer one, and have the least beside it."""
    parts = set(key.split()) - _COMMON
    found: dict[int, list[str]] = {}
    for each in known:
        own = set(each.split()) - _COMMON
        if own & parts:
            found.setdefault(len(own - parts), []).append(each)
    best = found[min(found)] if found else []
    return sorted(best, key=lambda each: (-len(set(each.split()) & parts), len(each), each))
