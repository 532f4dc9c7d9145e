"""Texts, labels and dates in SQL: keys, synonyms and equality.

Labels of rows come with their keys (see `Layout`): SQL folds none.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from checker.bulk.compile.sql import NO_DATE, NO_FLAG, NO_TEXT, Columns, flag_of, is_null, picked
from checker.bulk.compile.values import Day, Known, LabelWord, Pick, Truth, Val, Word
from checker.bulk.quote import text_of
from checker.language.text import canonical
from checker.model.values import UNKNOWN, Label, Value


class Words:
    """The vocabularies in force, for labels in SQL."""

    def __init__(self, columns: Columns, vocabularies: Mapping[str, Mapping[str, str]]) -> None:
        self.columns = columns
        self.vocabularies = vocabularies

    def key(self, label: LabelWord) -> str:
        """Return the key of a label: its canonical form, or what that is a synonym of."""
        if label.key:
            return label.key
        changed = self.changed(label.vocabulary)
        if not changed:
            return label.plain
        return self.columns.share(self.columns.once(label.plain, lambda x: _key(x, changed)))

    def changed(self, vocabulary: str) -> Mapping[str, str]:
        """Return the words of a vocabulary whose key is another word."""
        words = self.vocabularies.get(vocabulary, {})
        return {word: key for word, key in words.items() if word != key}

    def spellings(self, vocabulary: str, key: str) -> tuple[str, ...]:
        """Return the canonical words of a vocabulary that have a key."""
        words = self.vocabularies.get(vocabulary, {})
        own = (key,) if words.get(key, key) == key else ()
        return tuple(dict.fromkeys((*own, *(word for word in words if words[word] == key))))

    def is_one_of(self, label: LabelWord, keys: Iterable[str]) -> str:
        """Return whether a label has one of some keys."""
        if label.key:
            return member_of(label.key, keys)
        words = (word for key in keys for word in self.spellings(label.vocabulary, key))
        return member_of(label.plain, words)


def _key(plain: str, changed: Mapping[str, str]) -> str:
    groups: dict[str, list[str]] = {}
    for word, key in changed.items():
        groups.setdefault(key, []).append(word)
    branches = " ".join(
        f"WHEN {member_of(plain, words)} THEN {text_of(key)}" for key, words in groups.items()
    )
    return f"(CASE {branches} ELSE {plain} END)"


def member_of(sql: str, texts: Iterable[str]) -> str:
    """Return whether a text is one of some; unknown where it is NULL."""
    listed = list(dict.fromkeys(texts))
    if is_null(sql):
        return NO_FLAG
    if not listed:
        return f"(CASE WHEN {sql} IS NOT NULL THEN false END)"
    if len(listed) == 1:
        return f"({sql} = {text_of(listed[0])})"
    return f"({sql} IN ({', '.join(map(text_of, listed))}))"


def text_literal(value: Value) -> str:
    """Return a known text, a label as it is written, as a literal."""
    if value is UNKNOWN:
        return NO_TEXT
    return text_of(value.text if isinstance(value, Label) else str(value))


def date_literal(value: Value) -> str:
    """Return a known date as a literal."""
    if value is UNKNOWN:
        return NO_DATE
    assert isinstance(value, datetime.date)
    return f"{text_of(value.isoformat())}::DATE"


def as_day(value: Val) -> str:
    """Return any compiled date as SQL."""
    match value:
        case Day():
            return value.sql
        case Known():
            return date_literal(value.value)
        case Pick():
            return picked(value.index, map(date_literal, value.values), NO_DATE)
    raise AssertionError(f"{type(value).__name__} is no date")


def as_text(value: Val) -> str:
    """Return any compiled text as SQL, a label as its record writes it."""
    match value:
        case Word() | LabelWord():
            return value.sql
        case Known():
            return text_literal(value.value)
        case Pick():
            return picked(value.index, map(text_literal, value.values), NO_TEXT)
    raise AssertionError(f"{type(value).__name__} is no text")


def as_truth(value: Val) -> Truth:
    """Return any compiled condition as SQL."""
    match value:
        case Truth():
            return value
        case Known():
            return Truth(_flag(value.value), settled=value.value is not UNKNOWN)
        case Pick():
            return Truth(picked(value.index, map(_flag, value.values), NO_FLAG))
    raise AssertionError(f"{type(value).__name__} is no condition")


def _flag(value: Value) -> str:
    return flag_of(None if value is UNKNOWN else value)


def key_literal(value: Value) -> str:
    """Return what a known text is compared by."""
    if value is UNKNOWN:
        return NO_TEXT
    return text_of(value.key if isinstance(value, Label) else value)


def key_of(words: Words, value: Val) -> str:
    """Return what a compiled text is compared by: a label's key, or the text itself."""
    match value:
        case LabelWord():
            return words.key(value)
        case Word():
            return value.sql
        case Known():
            return key_literal(value.value)
        case Pick():
            return picked(value.index, map(key_literal, value.values), NO_TEXT)
    raise AssertionError(f"{type(value).__name__} is no text")


def plain_of(words: Words, value: Val) -> str:
    """Return the canonical form of a compiled label; of another text, what it is compared by."""
    match value:
        case LabelWord():
            return value.plain
        case Known():
            return _plain_literal(value.value)
        case Pick():
            return picked(value.index, map(_plain_literal, value.values), NO_TEXT)
    return key_of(words, value)


def _plain_literal(value: Value) -> str:
    return text_of(canonical(value.text)) if isinstance(value, Label) else key_literal(value)


def plain_key(value: Value) -> str:
    """Return the key of a known text."""
    return value.key if isinstance(value, Label) else str(value)


def equal_texts(words: Words, a: Val, b: Val) -> str:
    """Return whether two texts are equal."""
    if isinstance(a, Known):
        a, b = b, a
    if isinstance(b, Known):
        if b.value is UNKNOWN:
            return NO_FLAG
        if isinstance(a, LabelWord):
            return words.is_one_of(a, (plain_key(b.value),))
        if isinstance(a, Word):
            return member_of(a.sql, (plain_key(b.value),))
    left, right = key_of(words, a), key_of(words, b)
    return NO_FLAG if is_null(left) or is_null(right) else f"({left} = {right})"
