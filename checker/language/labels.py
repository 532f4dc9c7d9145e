"""Texts that are no one label: a list that is written into one, or a word that says nothing."""

from __future__ import annotations

import re

from checker.language.text import BRANDS, is_picture, spaced

# `&` and `+` join the words of one label, and separate none.
_SEPARATORS = frozenset(
    ",;|/\\\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029•，；｜／﹐､、،؛\u201a\u2044\u2215"  # noqa: RUF001
)
_MARKS = _SEPARATORS | set("#＃")  # noqa: RUF001
_TAG = r"[#＃](?!\d)"  # noqa: RUF001
_NAMES = {",": "a comma", ";": "a semicolon", "#": '"#"'}
# What people write where they know nothing, in canonical form and without the marks around it.
_SAY_NOTHING = frozenset(
    (
        *("n/a", "n / a", "n\\a", "n.a", "na", "n/d", "k.a", "nan", "nil", "null", "none", "no"),
        *("nothing", "no data", "no info", "unknown", "not known", "undefined", "unclear"),
        *("not available", "not applicable", "not specified", "not sure", "missing", "blank"),
        *("empty", "tbc", "tbd", "tba", "t.b.c", "t.b.d", "t.b.a", "to be confirmed", "pending"),
        *("to be decided", "to be defined", "to be determined", "to be announced", "to follow"),
        *("ask", "awaiting", "awaiting reply", "to ask", "to check"),
    )
)
_SEE = frozenset(
    (
        *("above", "attached", "attachment", "below", "bio", "brief", "chat", "comment"),
        *("comments", "contract", "deck", "dm", "e", "email", "kit", "link", "mail", "media"),
        *("mediakit", "note", "notes", "profile", "sheet", "tab", "the", "thread"),
    )
)
_AROUND = " #.…?!()[]{}<>*:'\"“”"


def says_nothing(text: str) -> bool:
    """Tell whether a text stands where somebody knows nothing: "n/a", "tbc", "?", "see email"."""
    if not any(map(str.isalnum, text)):
        return not any(map(is_picture, text))
    if text[0] == "#" and text[-1] in "!?" and text.isupper():
        return True  # A formula failed: #REF!, #NAME?
    plain = spaced(text).strip(_AROUND)
    first, *rest = plain.split() or [""]
    return plain in _SAY_NOTHING or (first == "see" and bool(rest) and _SEE.issuperset(rest))


def parts_of(text: str, vocabulary: str = "") -> tuple[str, ...]:
    """Return the items of a list that stands in one text; the text alone where it is none.

    Commas, semicolons, bars, slashes, line breaks and the signs of tags separate: "#hair" is a
    list of one. `vocabulary` is the field's: "Ribbon Rivals, Inc." is one name of a brand.
    """
    if _MARKS.isdisjoint(text):
        return (text,)
    found: list[str] = []
    pieces = "".join("\n" if each in _SEPARATORS else each for each in text).split("\n")
    for piece in pieces:
        if vocabulary == BRANDS and found and _is_legal_form(piece):
            found[-1] += f", {piece.strip()}"
        elif vocabulary == BRANDS and found and _ends_danish(found[-1], piece):
            found[-1] += f"/{piece.strip()}"
        else:
            # A sign inside of a word is part of it, but not in "#hair#beauty"; "#1" is no tag.
            tagged = re.match(rf"\s*{_TAG}", piece)
            found += re.split(_TAG if tagged else rf"\s{_TAG}", piece)
    words = tuple(stripped for each in found if (stripped := each.strip()))
    return (text,) if not words or words == (text.strip(),) else words


def _ends_danish(before: str, piece: str) -> bool:
    """Tell whether two pieces are a name with the legal form A/S, parted at its slash."""
    return before.upper().endswith(" A") and piece.strip().upper() == "S"


def is_one(text: str) -> bool:
    """Tell whether a text surely is one label, whatever words are known."""
    return parts_of(text) == (text,) and not says_nothing(text)


def _is_legal_form(piece: str) -> bool:
    from checker.language.brands import brand_form

    return bool(piece.strip()) and brand_form(f"name {piece}") == "name"


def separator_in(text: str) -> str:
    """Return the name of what separates the items of a list in a text: "a comma"."""
    mark = next((each for each in text if each in _SEPARATORS), "#")
    return _NAMES.get(mark, "a line break" if mark.isspace() else f'"{mark}"')
