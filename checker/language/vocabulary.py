"""The words of a field: what each means, what is wider, and what an unknown one may be a slip for.

A word's key is its label where it means one thing. Of two words the second is what is wanted or
avoided: the first meets it where it means the same or something narrower, and may meet it where it
means something wider, or one of several things. A word that nobody knows meets itself alone; what
it may mean is left open only where that is asked for, or where the wanted word is near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from checker.language.suggest import distance
from checker.language.text import label_form, words_in
from checker.model.rules import Table

# A word of fewer letters is a slip for too many others, and begins or ends too many.
_SHORT = 4
_SHORT_STEM = 4
# Of what an unknown word is, so many first letters and words are looked at.
_MOST_LETTERS = 60
_MOST_WORDS = 12
# What words of one stem end with, the longest first.
_ENDS = ("ings", "ing", "ers", "ists", "ies", "ist", "er", "ed", "es", "ic", "al", "y", "s", "e")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
CATEGORIES = "categories"
_EMPTY: Mapping[str, str] = {}


class Key(str):
    """What a label compares by. `senses` are all labels that it may mean, none where nobody knows.

    Each sense is a label with all that are wider than it.
    """

    __slots__ = ("senses", "text", "vocabulary")
    senses: tuple[tuple[str, frozenset[str]], ...]
    text: str
    vocabulary: Vocabulary

    @property
    def near(self) -> frozenset[str]:
        """Return the labels of known words that an unknown one is near, with all that are wider."""
        return self.vocabulary.near(self)


def meets(a: str, b: str, *, open_: bool) -> bool | None:
    """Tell whether a word is what another asks for; None where it may or may not be.

    `open_` says that what an unknown word means is left open, also where it is near nothing.
    """
    if a == b:
        return True
    if not isinstance(a, Key) or not isinstance(b, Key):
        return False
    if not a.senses or not b.senses:
        unknown, other = (a, b) if not a.senses else (b, a)
        near = any(label in unknown.near for label, _ in other.senses)
        return None if near or open_ else False
    found = {
        True if wanted in wider else None if label in above else False
        for label, wider in a.senses
        for wanted, above in b.senses
    }
    return found.pop() if len(found) == 1 else None


class _Known:
    """The words of tables, all canonical: with their labels, those of other languages, those
    that mean one of several labels, what covers a label, and how labels are written."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.either: dict[str, tuple[str, ...]] = {}
        self.broader: dict[str, tuple[str, ...]] = {}
        self.languages: dict[str, dict[str, str]] = {}

    def add(self, table: Table, form: Callable[[str], str]) -> None:
        """Add the words of a table; what stands already stays."""
        words = self.words
        for term in table.terms:
            own = form(term.label)
            label = words.setdefault(own, own)
            self.labels.setdefault(label, term.label)
            for word in (*term.words, *term.ids):
                words.setdefault(form(word), label)
            if term.broader:
                self.broader[label] = (*self.broader.get(label, ()), *map(form, term.broader))
            for language, others in term.languages.items():
                there = self.languages.setdefault(language, {})
                for word in others:
                    there.setdefault(form(word), label)
        for word, labels in table.either.items():
            self.either[form(word)] = tuple(words.get(each, each) for each in map(form, labels))


class Vocabulary(Mapping[str, str]):
    """The words of the packs in force, each with its label, all canonical.

    Args:
        name: of the vocabulary.
        tables: the packs' tables of this name.
        more: gives the tables with words of other languages, once a word is in none of `tables`.
        beside: another vocabulary, whose words count here too where this one has none.
    """

    def __init__(
        self,
        name: str,
        tables: Iterable[Table],
        more: Callable[[], Iterable[Table]] | None = None,
        beside: Vocabulary | None = None,
    ) -> None:
        self.name = name
        self.beside = beside
        self._tables = tuple(tables)
        self._more = more
        self._keys: dict[tuple[str, tuple[str, ...]], Key] = {}
        self._wider: dict[str, frozenset[str]] = {}
        self._stems: dict[str, set[str]] = {}
        self._near: dict[str, frozenset[str]] = {}

    __hash__ = object.__hash__

    def _form(self, word: str) -> str:
        return label_form(word, self.name)

    @cached_property
    def _known(self) -> _Known:
        known = _Known()
        for table in self._tables:
            known.add(table, self._form)
        return known

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the labels as they are written, by their canonical forms."""
        return self._known.labels

    def _languages(self) -> Mapping[str, Mapping[str, str]]:
        """Return the words of other languages, which are loaded when they are first asked for."""
        if self._more is not None:
            more, self._more = self._more, None
            for table in more():
                self._known.add(table, self._form)
        return self._known.languages

    # As a mapping of words to their labels; of a word with several meanings, to one of them

    def __getitem__(self, form: str) -> str:
        found = self.meanings(form)
        if not found:
            raise KeyError(form)
        return found[0]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known.words, *self._known.either)))

    def __len__(self) -> int:
        return len(self._known.words.keys() | self._known.either.keys())

    def meanings(self, form: str, languages: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the labels that a word may mean, in a record of some languages or of any."""
        own = self._known.words.get(form)
        if languages and "en" not in languages:
            others = self._languages()
            there = [others[each][form] for each in languages if form in others.get(each, _EMPTY)]
            if there:
                return tuple(dict.fromkeys(there))
        if own is not None and (form not in self._known.either or "en" in languages):
            return (own,)
        if form in self._known.either:
            return self._known.either[form]
        if not form:
            return ()
        everywhere = (each[form] for each in self._languages().values() if form in each)
        found = tuple(dict.fromkeys(everywhere))
        return found or (self.beside.meanings(form, languages) if self.beside else ())

    def splits(self, form: str) -> bool:
        """Tell whether the language of a record may decide what a word means."""
        return form in self._known.either or form not in self._known.words

    def key(self, text: str, languages: tuple[str, ...] = ()) -> Key:
        """Return the key of a word."""
        form = self._form(text)
        known = form or text, languages if languages and languages != ("en",) else ()
        key = self._keys.get(known)
        if key is None:
            found = self.meanings(form, languages)
            key = Key(found[0] if len(found) == 1 else known[0])
            key.senses = tuple((label, self.wider(label)) for label in found)
            key.text, key.vocabulary = text, self
            self._keys[known] = key
        return key

    def wider(self, label: str) -> frozenset[str]:
        """Return a label with all that are wider."""
        found = self._wider.get(label)
        if found is None:
            every, waiting = {label}, [label]
            while waiting:
                for each in self._known.broader.get(waiting.pop(), ()):
                    if each not in every:
                        every.add(each)
                        waiting.append(each)
            if self.beside is not None and label not in self.labels:
                for each in self.beside.wider(label):
                    every |= self.wider(each) if each in self.labels else {each}
            found = self._wider[label] = frozenset(every)
        return found

    def near(self, key: Key) -> frozenset[str]:
        """Return the labels of known words that a word is near, with all that are wider.

        That is a slip away, has the same stem, or stands in it: "gamblng", "gambler" and "betting
        tips" are near "gambling".
        """
        found = self._near.get(key)
        if found is None:
            labels = {each for form in self._likely(key) for each in self.meanings(form)}
            found = frozenset().union(*map(self.wider, labels))
            self._near[key] = found
        return found

    def is_slip(self, key: Key) -> bool:
        """Tell whether a word as a whole is likely a slip for a known one."""
        return any(True for _ in self._alike(self._form(key.text)[:_MOST_LETTERS]))

    def _alike(self, form: str) -> Iterator[str]:
        """Give the known words that a word is likely a slip for."""
        if len(form) >= _SHORT:
            yield from (each for each in _slips(form) if each in self)
        if self.name == CATEGORIES:
            # What a campaign is for decides which law holds: it may be a slip of several letters.
            most = min(max(1, len(form) // 3), 3)
            alike = (each for each in self if abs(len(each) - len(form)) <= most)
            far = {each: distance(form, each) for each in alike}
            least = min(far.values(), default=most + 1)
            yield from (each for each in far if far[each] == least <= most)

    def written(self, key: Key) -> tuple[str, ...]:
        """Return the labels that a word means, as they are written."""
        return tuple(self.labels.get(label, label) for label, _ in key.senses)

    def near_words(self, key: Key) -> tuple[str, ...]:
        """Return the labels that an unknown word is near, as they are written."""
        labels = (each for form in self._likely(key) for each in self.meanings(form))
        return tuple(dict.fromkeys(self.labels.get(each, each) for each in labels))

    def _likely(self, key: Key) -> Iterator[str]:
        """Give words that a word may be a slip for, or that stand in it, the likeliest first."""
        form, parts = self._form(key.text)[:_MOST_LETTERS], words_in(key.text)[:_MOST_WORDS]
        yield from self._alike(form)
        for part in parts:
            if len(part) > _SHORT:
                yield from (each for each in _slips(part) if each in self)
        spans = ((at, end) for at in range(len(parts)) for end in range(at + 1, len(parts) + 1))
        phrases = ("".join(parts[at:end]) for at, end in spans if end - at < len(parts))
        yield from (each for each in phrases if len(each) > 2 and each in self)
        for length in range(len(form) - 2, _SHORT_STEM - 1, -1):
            yield from (each for each in (form[:length], form[-length:]) if each in self)
        stems = self._by_stem()
        for part in dict.fromkeys((form, *parts)):
            yield from stems.get(_stem(part), ())

    def _by_stem(self) -> Mapping[str, set[str]]:
        if not self._stems:
            for form in (*self._known.words, *self._known.either):
                self._stems.setdefault(_stem(form), set()).add(form)
            self._stems.pop("", None)
        return self._stems


def _slips(form: str) -> Iterator[str]:
    """Give what a word is with one letter added, dropped, exchanged, or swapped with the next."""
    for at in range(len(form) + 1):
        head, tail = form[:at], form[at:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            yield head + letter + tail[1:]


def _stem(form: str) -> str:
    """Return what is left of a word without its ending; nothing where that is too short."""
    for end in _ENDS:
        if form.endswith(end) and len(form) - len(end) >= _SHORT_STEM:
            return form[: -len(end)]
    return form if len(form) >= _SHORT_STEM else ""
