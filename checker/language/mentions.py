"""Finding a table's words and hashtags in a text, as whole words.

The text is compared in folded form (NFKC, case folded), place by place, so that what is found
points into the text as written. "#adventure" holds no "#ad"; "#PaidPartnership" holds
"paid partnership"; a table's word that starts with "#" is found only as a hashtag. Nothing is
found inside a handle ("@ad_agency"), a web address or a mail address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from checker.language.context import TableValue
from checker.language.text import folded, unseen
from checker.model.frozen import dataclass
from checker.model.types import TextType
from checker.model.values import Label, Value

# "https://…", "www.…", "bit.ly/…" and "name@example.com"; a handle is read letter by letter.
_ADDRESS = re.compile(
    r"(?:https?://|(?<!\w)www\.|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,}/)[^\s<>\"“”«»、。]*"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)

_Words = dict[tuple[str, ...], Value]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or a hashtag of a text; `start` and `end` are offsets in the text as written."""

    word: str
    hashtag: bool
    start: int
    end: int
    place: int = 0
    run: int = 0


def mentions(text: str, table: TableValue) -> tuple[Value, ...]:
    """Return a record for each place where `text` names a word of `table`, in order.

    Each has `row`, `text`, `start` and `end`, `hashtag`, and `place` in a `run` of hashtags that
    only spaces part (both 0 for a plain word). `start` and `end` count characters, from 0, of the
    text as its record writes it, after NFC: an accent is no character of its own where Unicode
    has the letter with it, and an emoji of several characters counts as several.
    """
    words, longest = _words(table)
    tokens = _tokens(text)
    found: list[Value] = []
    at = 0
    while at < len(tokens):
        length, row = _match(tokens, at, words, longest)
        if row is None:
            at += 1
            continue
        first, last = tokens[at], tokens[at + length - 1]
        found.append(
            {
                "row": row,
                "text": text[first.start : last.end],
                "start": float(first.start),
                "end": float(last.end),
                "hashtag": first.hashtag,
                "place": float(first.place),
                "run": float(first.run),
            }
        )
        at += length
    return tuple(found)


@lru_cache(maxsize=64)
def _words(table: TableValue) -> tuple[_Words, int]:
    """Return a table's rows by their words, and how many words the longest has."""
    words: _Words = {}
    for row in table.rows:
        for text in _row_words(table, row):
            # A table's words are read as the text is, so that signs part them alike.
            tokens = _tokens(text)
            parts = tuple(token.word.lstrip("#") for token in tokens)
            if not parts:
                continue
            words.setdefault(("#" + "".join(parts),), row)
            if not tokens[0].hashtag:
                words.setdefault(parts, row)
    return words, max(map(len, words), default=0)


def _row_words(table: TableValue, row: Value) -> list[str]:
    if table.type.kind == "vocabulary":
        return [row["label"].text, *(each.text for each in row.get("synonyms", ()))]
    for name in table.type.keys:
        if isinstance(table.type.row.fields[name].type, TextType):
            cell = row[name]
            return [cell.text if isinstance(cell, Label) else cell]
    return []


def _match(tokens: list[_Token], at: int, words: _Words, longest: int) -> tuple[int, Value | None]:
    """Return the longest match that starts at a token, as its length and row."""
    if tokens[at].hashtag:
        return 1, words.get((tokens[at].word,))
    for length in range(min(longest, len(tokens) - at), 0, -1):
        part = tokens[at : at + length]
        if any(token.hashtag for token in part):
            continue
        row = words.get(tuple(token.word for token in part))
        if row is not None:
            return length, row
    return 1, None


def _tokens(text: str) -> list[_Token]:
    raw: list[_Token] = []
    word, first, last = "", 0, 0
    for letter, start, end in (*_folded(text), ("", len(text), len(text))):
        if word and _continues(word, letter):
            word, last = word + letter, end
            continue
        if word[:1] != "@" and word.strip("#_"):
            raw.append(_Token(word.replace("_", ""), word[0] == "#", first, last))
        starts = letter in ("#", "@") or letter.isalnum()
        word, first, last = (letter, start, end) if starts else ("", end, end)
    return _with_runs(text, raw)


def _continues(word: str, letter: str) -> bool:
    """Tell whether a letter goes on a word: a hashtag holds underscores, a word does not.

    A handle may hold single dots and hyphens too, and another "@".
    """
    if letter == "_":
        return word[0] in "#@"
    if word[0] == "@" and letter and letter in ".-@":
        return word[-1] not in ".-"
    # Vowel signs and accents that have no letter of their own belong to the letter before.
    return letter.isalnum() or (unicodedata.category(letter or " ")[0] == "M" and word != "#")


def _folded(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each letter of the folded text and the offsets that it comes from.

    A letter and the accents after it are folded together, as in the form of labels. What nobody
    sees is no letter, and what stands in an address is a space.
    """
    text = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    start = 0
    while start < len(text):
        end = after = start + 1
        while after < len(text) and ((hidden := unseen(text[after])) or _joins(text[after])):
            after += 1
            end = end if hidden else after
        piece = text[start:end]
        for letter in piece.lower() if piece.isascii() else folded(piece):
            yield letter, start, end
        start = after


def _joins(character: str) -> bool:
    # Accents, and the vowels and final consonants of Korean written part by part.
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"


def _with_runs(text: str, tokens: list[_Token]) -> list[_Token]:
    counted: list[_Token] = []
    run: list[_Token] = []
    for token in tokens:
        joined = run and token.hashtag and not text[run[-1].end : token.start].strip()
        if run and not joined:
            counted.extend(_numbered(run))
            run = []
        if token.hashtag:
            run.append(token)
        else:
            counted.append(token)
    return counted + _numbered(run)


def _numbered(run: list[_Token]) -> list[_Token]:
    return [
        _Token(token.word, True, token.start, token.end, place, len(run))
        for place, token in enumerate(run, start=1)
    ]
