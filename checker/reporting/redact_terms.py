"""Many names looked for at once in many texts, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Shorter names are looked for only with their "@", else every word would hold one.
_SHORTEST = 3
# Names this long are looked for inside words too: "maisie.braids2".
_LONG = 6
# Longer texts are captions; they are few, and too deep for a tree of letters.
_LONGEST = 80

_NOT_BEFORE = r"(?<![^\W_])"
_NOT_AFTER = r"(?![^\W_])"

# Letter by letter; the empty key marks that a name ends here.
_Tree = dict[str, "_Tree"]


def normal(text: str) -> str:
    """Return a text with its accents composed, so that the same letters are the same."""
    return unicodedata.normalize("NFC", text)


def folded(term: str) -> str:
    """Return what two ways to write a name have in common."""
    return " ".join(normal(term).casefold().split()).lstrip("@").strip()


def pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Return what finds all terms in a normal text, with or without "@", the longest first.

    Short ones are found only as words of their own. The pattern is a tree of letters, since
    thousands of names one after the other would be tried at every letter of every text.
    """
    bare = sorted(terms, key=lambda term: (-len(term), term))
    captions = [_flexible(term) for term in bare if len(term) > _LONGEST]
    names = [term for term in bare if len(term) <= _LONGEST]
    long = _tree(term for term in names if len(term) >= _LONG)
    short = _tree(term for term in names if _SHORTEST <= len(term) < _LONG)
    tiny = _tree(term for term in names if len(term) < _SHORTEST)
    parts = [*captions]
    if long:
        parts.append(f"@?{_written(long, '')}")
    if short:
        parts.append(f"{_NOT_BEFORE}@?{_written(short, _NOT_AFTER)}")
    if tiny:
        parts.append(f"@{_written(tiny, _NOT_AFTER)}")
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _flexible(term: str) -> str:
    return r"\s+".join(re.escape(word) for word in term.split())


def _tree(terms: Iterable[str]) -> _Tree:
    root: _Tree = {}
    for term in terms:
        node = root
        for character in " ".join(term.split()):
            node = node.setdefault(character, {})
        node[""] = {}
    return root


def _written(node: _Tree, end: str) -> str:
    """Return a tree as a pattern that prefers the longer of two names."""
    branches = [
        (r"\s+" if character == " " else re.escape(character)) + _written(child, end)
        for character, child in node.items()
        if character
    ]
    if "" in node:
        branches.append(end)
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
