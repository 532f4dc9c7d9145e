"""Finding a table's words and hashtags in a text, as whole words.

The text is compared in folded form (NFKC, case folded), place by place, so that what is found
points into the text as written. "#adventure" holds no "#ad"; "#PaidPartnership" holds
"paid partnership"; a table's word that starts with "#" is found only as a hashtag, one that
starts with "@" only as that whole handle. No other word is found inside a handle ("@ad_agency"),
and none in a web address or a mail address. What is written in letters that look like Latin ones
is found, and marked; but for handles, where it is another account.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from checker.language.context import TableValue
from checker.language.text import folded, unseen, visible
from checker.model.frozen import dataclass
from checker.model.types import TextType
from checker.model.values import UNKNOWN, Label, Unknown, Value

# "https://…", "www.…", "bit.ly/…" and "name@example.com"; a handle is read letter by letter.
_ADDRESS = re.compile(
    r"(?:https?://|(?<!\w)www\.|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,}/)[^\s<>\"“”«»、。]*"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
# Signs that join what they stand between: after "well," or "pop-up/" a sentence goes on.
_JOINING = frozenset(",;:'’`\"“”„«»‹›&+/\\·")  # noqa: RUF001
# Signs that part words only where a space stands beside them.
_BINDING = frozenset("-‐‑–—.")  # noqa: RUF001
_TYING = frozenset("-‐‑.'’")  # noqa: RUF001
# A text that names words in more places than this is nobody's.
MOST_PLACES = 1_000
# So many characters of a text are shown on either side of what was found.
_AROUND = 24

# What people write for "whatever follows", and for "one or the other".
_WILDCARD = re.compile(r"[*|]|[^\W\d][?%](?:\w|$)(?<!\?)")

_Words = dict[tuple[str, ...], Value]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, hashtag or handle of a text; `start` and `end` are offsets in the text as written.

    `plain` is the word with the letters that look like Latin ones as those. `apart` says that
    something sets it off from what is before, `bound` that it goes on: "ad-free", "ad.example".
    """

    word: str
    plain: str
    start: int
    end: int
    apart: bool = False
    bound: bool = False
    place: int = 0
    run: int = 0

    @property
    def hashtag(self) -> bool:
        return self.word[0] == "#"


@dataclass(frozen=True, slots=True)
class _Match:
    """What stands at a token: a row, how many tokens it takes, and how it is written."""

    row: Value
    length: int
    lookalike: bool = False
    named: bool = False


@lru_cache(maxsize=32)
def mentions(
    text: str, table: TableValue, others: TableValue | None = None, name: str = ""
) -> tuple[Value, ...] | Unknown:
    """Return a record for each place where `text` names a word of `table`, in order.

    Each has `row`, `text`, `start` and `end`, `hashtag`, and `place` in a `run` of hashtags that
    no word, handle or address parts (both 0 for a plain word). `start` and `end` count
    characters, from 0, of the text as its record writes it, after NFC: an accent is no character
    of its own where Unicode has the letter with it, and an emoji of several characters counts as
    several. `excerpt` shows the place, and `words` counts the words that were found. More than
    `MOST_PLACES` of them are unknown.

    Args:
        text: the text.
        table: a vocabulary, or a lookup whose first text key holds the words.
        others: such a table of what is passed over: "not an ad" in it hides the "ad" there.
        name: with it, `named` tells whether it stands right before what was found, as in
            "Bramble ambassador" and "#BrambleAmbassador".
    """
    tokens = _tokens(text)
    passed_over = _found(tokens, others) if others else ()
    hidden = {at for start, match in passed_over for at in range(start, start + match.length)}
    names = _names(name) if name else ()
    places = (
        _mention(text, tokens[at : at + match.length], match, named=match.named or before)
        for at, match in _found(tokens, table, tuple(map("".join, names)))
        # "this is an ad" holds no label where "ad break" goes on from it.
        if hidden.isdisjoint(range(at, at + match.length))
        for before in (_stands_before(tokens, at, names),)
    )
    found = list(islice(places, MOST_PLACES + 1))
    words = _words(table)[0]
    for handle in _handles(text):
        key = (handle.word,)
        if key in words and not (others and key in _words(others)[0]):
            found.append(_mention(text, (handle,), _Match(words[key], 1), named=False))
    if len(found) > MOST_PLACES:
        return UNKNOWN
    return tuple(sorted(found, key=lambda each: each["start"]))


def never_found(word: str) -> str:
    """Say why a table's word is found in no text, or only otherwise than it is meant; else ""."""
    if _WILDCARD.search(word):
        return "no sign stands for other letters; write each form out"
    if _ADDRESS.search(word):
        return "nothing is found inside an address"
    words, handles = len(_tokens(word)), len(_handles(word))
    if "@" in visible(word) and (words, handles) != (0, 1):
        return "a handle is a word of its own, without others beside it"
    return "" if words or handles else "it has no letter and no digit"


def spelling(word: str) -> tuple[str, ...]:
    """Return the words, hashtags or handle that a table's word is looked for by."""
    return tuple(token.word for token in (*_tokens(word), *_handles(word)))


def _names(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name; for "&" people write "and" too, in hashtags above all."""
    spellings = (name, name.replace("&", " and "))
    words = (tuple(token.word.lstrip("#") for token in _tokens(each)) for each in spellings)
    return tuple(dict.fromkeys(each for each in words if each))


def _found(
    tokens: tuple[_Token, ...], table: TableValue, names: tuple[str, ...] = ()
) -> Iterator[tuple[int, _Match]]:
    """Give the tokens at which words of a table start, and what stands there."""
    words, longest, firsts = _words(table)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        may_start = token.word in firsts or token.plain in firsts or (names and token.hashtag)
        match = _match(tokens, at, words, longest, names) if may_start else None
        if match is not None:
            yield at, match
        at += match.length if match else 1


def _mention(text: str, tokens: tuple[_Token, ...], match: _Match, *, named: bool) -> Value:
    first, last = tokens[0], tokens[-1]
    return {
        "row": match.row,
        "text": text[first.start : last.end],
        "excerpt": _excerpt(text, first.start, last.end),
        "start": float(first.start),
        "end": float(last.end),
        "words": float(len(tokens)),
        "hashtag": first.hashtag,
        "apart": not last.bound and (first.apart or first.hashtag or named or len(tokens) > 1),
        "lookalike": match.lookalike,
        "named": named,
        "place": float(first.place),
        "run": float(first.run),
    }


def _stands_before(tokens: tuple[_Token, ...], at: int, names: tuple[tuple[str, ...], ...]) -> bool:
    return not tokens[at].hashtag and any(
        tuple(token.word for token in tokens[max(0, at - len(name)) : at]) == name for name in names
    )


def _excerpt(text: str, start: int, end: int) -> str:
    """Return what stands around a place, cut between words, on one line."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before, after = text[low:start], text[end:high]
    if low and not text[low - 1].isspace():
        before = before.partition(" ")[2]
    if high < len(text) and not text[high].isspace():
        after = after.rpartition(" ")[0]
    shown = " ".join(f"{before}{text[start:end]}{after}".split())
    return f"{'…' if low else ''}{shown}{'…' if high < len(text) else ''}"


@lru_cache(maxsize=64)
def _words(table: TableValue) -> tuple[_Words, int, frozenset[str]]:
    """Return a table's rows by their words, how many the longest has, and those they start with."""
    words: _Words = {}
    for row in table.rows:
        for text in _row_words(table, row):
            # A table's words are read as the text is, so that signs part them alike.
            parts = spelling(text)
            if not parts:
                continue
            if parts[0][0] != "@":
                words.setdefault(("#" + "".join(parts).replace("#", ""),), row)
            words.setdefault(parts, row)
    return words, max(map(len, words), default=0), frozenset(parts[0] for parts in words)


def _row_words(table: TableValue, row: Value) -> list[str]:
    if table.type.kind == "vocabulary":
        return [row["label"].text, *(each.text for each in row.get("synonyms", ()))]
    for name in table.type.keys:
        if isinstance(table.type.row.fields[name].type, TextType):
            cell = row[name]
            return [cell.text if isinstance(cell, Label) else cell]
    return []


def _match(
    tokens: tuple[_Token, ...], at: int, words: _Words, longest: int, names: tuple[str, ...]
) -> _Match | None:
    """Return the longest match that starts at a token, or None.

    A hashtag among words counts only where the table writes it so: "not an #ad".
    """
    first = tokens[at]
    if first.hashtag and (first.word,) not in words:
        # "#BrambleAmbassador" is the name and a word of the table in one.
        for name in names:
            row = words.get(("#" + first.word[1:].removeprefix(name),))
            if row is not None and first.word.startswith("#" + name):
                return _Match(row, 1, named=True)
    for length in range(min(longest, len(tokens) - at), 0, -1):
        part = tokens[at : at + length]
        row = words.get(tuple(token.word for token in part))
        if row is not None:
            return _Match(row, length)
        row = words.get(tuple(token.plain for token in part))
        if row is not None:
            return _Match(row, length, lookalike=True)
    return None


def _tokens(text: str) -> tuple[_Token, ...]:
    """Return the words and hashtags of a text."""
    return _read(text)[0]


def _handles(text: str) -> tuple[_Token, ...]:
    """Return the handles that a text names."""
    return _read(text)[1]


@lru_cache(maxsize=32)
def _read(text: str) -> tuple[tuple[_Token, ...], tuple[_Token, ...]]:
    """Read a text, which several tables are looked for in: words and hashtags, and handles."""
    raw: list[_Token] = []
    handles: list[_Token] = []
    word, plain, first, last = "", "", 0, 0
    tag = -1  # Where the last hashtag or handle ended.
    for letter, plain_letter, start, end in (*_folded(text), ("", "", len(text), len(text))):
        if word and _continues(word, letter):
            word, plain, last = word + letter, plain + plain_letter, end
            continue
        if word[:1] != "@" and word.strip("#_"):
            names = (word.replace("_", ""), plain.replace("_", ""))
            apart, bound = _apart(text, first, tag), _bound(text, last)
            raw.append(_Token(*names, first, last, apart=apart, bound=bound))
        if word[:1] == "@" and (first == tag or not text[max(0, first - 1) : first].isalnum()):
            # A sentence ends behind a handle: "Thanks to @bramble."
            handle = word.rstrip(".-")
            end = last - len(word) + len(handle)
            if len(handle) > 1:
                handles.append(_Token(handle, handle, first, end, apart=True))
        if word[:1] in ("#", "@"):
            tag = last
        starts = letter in ("#", "@") or letter.isalnum()
        word, plain, first, last = (letter, plain_letter, start, end) if starts else ("", "", 0, 0)
    return _with_runs(text, raw), tuple(handles)


def _apart(text: str, start: int, tag: int) -> bool:
    """Tell whether a word starts the text or a line, or something sets it off from a sentence.

    That is a sign or an emoji, or a hashtag or handle, which ended at `tag`.
    """
    at = start
    while at and (text[at - 1] in " \t\u00a0" or unseen(text[at - 1])):
        at -= 1
    if at in (0, tag):
        return True
    before = text[at - 1]
    if before in _BINDING:
        # "- ad", "-ad-" and "Hi. Ad"; not "pop-ad", nor "bramble.ad".
        spaced = at < start
        while at and text[at - 1] in _BINDING:
            at -= 1
        return spaced or at == 0 or not text[at - 1].isalnum()
    return before not in _JOINING and not before.isalnum() and not unicodedata.combining(before)


def _bound(text: str, end: int) -> bool:
    """Tell whether a sign ties a word to the next: "ad-free", "ad's", "ad.example"."""
    return text[end : end + 1] in _TYING and text[end + 1 : end + 2].isalnum()


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


def _folded(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Give each letter of the folded text, as it is and plain, and the offsets it comes from.

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
        for letter, plain in _fold(text[start:end]):
            yield letter, plain, start, end
        start = after


def _fold(piece: str) -> Iterator[tuple[str, str]]:
    if piece.isascii():
        lower = piece.lower()
        return zip(lower, lower, strict=True)
    from checker.language.lookalikes import plain_letters, unframed

    piece = unframed(piece)
    letters, plain = folded(piece), folded(plain_letters(piece))
    return zip(letters, plain if len(plain) == len(letters) else letters, strict=True)


def _joins(character: str) -> bool:
    # Accents, and the vowels and final consonants of Korean written part by part.
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"


def _with_runs(text: str, tokens: list[_Token]) -> tuple[_Token, ...]:
    """Number the hashtags that stand together: signs and emoji do not part them."""
    counted: list[_Token] = []
    run: list[_Token] = []
    for token in tokens:
        joined = (
            run and token.hashtag and not any(map(str.isalnum, text[run[-1].end : token.start]))
        )
        if run and not joined:
            counted.extend(_numbered(run))
            run = []
        if token.hashtag:
            run.append(token)
        else:
            counted.append(token)
    return (*counted, *_numbered(run))


def _numbered(run: list[_Token]) -> list[_Token]:
    return [replace(token, place=place, run=len(run)) for place, token in enumerate(run, start=1)]
