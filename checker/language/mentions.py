"""Finding a table's words and hashtags in a text, as whole words.

The text is compared in folded form (NFKC, case folded), place by place, so that what is found
points into the text as written. "#adventure" holds no "#ad"; "#PaidPartnership" holds
"paid partnership"; a table's word that starts with "#" is found only as a hashtag.
"""

from __future__ import annotations

import re
import unicodedata

from checker.language.context import TableValue
from checker.language.text import canonical
from checker.model.frozen import dataclass
from checker.model.types import TextType
from checker.model.values import Label, Value

_TOKEN = re.compile(r"#[\w]+|[^\W_]+")


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

    Each has `row`, `text`, `start` and `end` (characters, in the text as written), `hashtag`,
    and `place` in a `run` of hashtags that only spaces part (both 0 for a plain word).
    """
    words = _words(table)
    tokens = _tokens(text)
    found: list[Value] = []
    at = 0
    while at < len(tokens):
        length, row = _match(tokens, at, words)
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


def _words(table: TableValue) -> dict[tuple[str, ...], Value]:
    words: dict[tuple[str, ...], Value] = {}
    for row in table.rows:
        for text in _row_words(table, row):
            marked = text.strip().startswith("#")
            parts = canonical(text.strip().lstrip("#＃")).split()
            if not parts:
                continue
            words.setdefault(("#" + "".join(parts),), row)
            if not marked:
                words.setdefault(tuple(parts), row)
    return words


def _row_words(table: TableValue, row: Value) -> list[str]:
    if table.type.kind == "vocabulary":
        return [row["label"].text, *(each.text for each in row.get("synonyms", ()))]
    for name in table.type.keys:
        if isinstance(table.type.row.fields[name].type, TextType):
            cell = row[name]
            return [cell.text if isinstance(cell, Label) else cell]
    return []


def _match(
    tokens: list[_Token], at: int, words: dict[tuple[str, ...], Value]
) -> tuple[int, Value | None]:
    """Return the longest match that starts at a token, as its length and row."""
    if tokens[at].hashtag:
        return 1, words.get((tokens[at].word,))
    longest = max((len(key) for key in words), default=0)
    for length in range(min(longest, len(tokens) - at), 0, -1):
        part = tokens[at : at + length]
        if any(token.hashtag for token in part):
            continue
        row = words.get(tuple(token.word for token in part))
        if row is not None:
            return length, row
    return 1, None


def _tokens(text: str) -> list[_Token]:
    folded, places = _fold(text)
    raw = []
    for match in _TOKEN.finditer(folded):
        word = match[0]
        hashtag = word.startswith("#")
        if hashtag:
            word = "#" + word[1:].replace("_", "")
        raw.append(_Token(word, hashtag, places[match.start()], places[match.end() - 1] + 1))
    return _with_runs(text, raw)


def _fold(text: str) -> tuple[str, list[int]]:
    """Fold a text and return, for each folded character, the offset that it comes from."""
    folded: list[str] = []
    places: list[int] = []
    for offset, character in enumerate(text):
        if character.isascii():
            piece = character.lower()
        elif unicodedata.combining(character) and folded:
            # An accent joins the letter before it, as in the form that table words have.
            folded[-1] = unicodedata.normalize("NFKC", folded[-1] + character)[:1]
            continue
        else:
            piece = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
        folded.extend(piece)
        places.extend([offset] * len(piece))
    return "".join(folded), places


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
