"""The canonical form of labels, the one form of words, brands and handles."""

from __future__ import annotations

import re
from functools import lru_cache

# The vocabulary of fields that name a brand; a pack may give it synonyms.
BRANDS = "brands"
_APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\u2035\u275b\u275c\uff07"
)
# What stands between the words of a label: spaces, hyphens, dashes and underscores.
_SEPARATORS = "-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fb\uff3f"
_APART = str.maketrans({**dict.fromkeys(_SEPARATORS, " "), "#": " ", "&": " and "})
_LEFT_OUT = str.maketrans(dict.fromkeys(_APOSTROPHES, ""))
# What makes no difference in plain text: the short way to what `spaced` does.
_FORM = str.maketrans({**dict.fromkeys(" \t\n\r\v\f\x1c\x1d\x1e\x1f-_#'`", ""), "&": "and"})
# Letters with a stroke and ligatures, which have no accent that could be taken off.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\u0131": "i",
    }
)
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_EDGES = ' +.,:;!?\u2026\u00a1\u00bf"()[]{}<>*~|/\\\u201c\u201d\u201e\u00ab\u00bb'
# "SkinCare" is two words, and so is "HTMLTips"; "SKINCARE" is one, and "IDs" is one.
_CAMEL = re.compile(r"(?<=[^\W\d_])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]{2})")
# No word is longer; of what is, the beginning counts.
_MOST = 400


def unseen(character: str) -> bool:
    """Tell whether a character shows nothing: zero-width, a mark of direction, a variation.

    The soft hyphen is none of them: it parts words, as other hyphens do.
    """
    if character.isascii():
        return False
    from unicodedata import category

    return (
        (category(character) == "Cf" and character != "\u00ad")
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def is_picture(character: str) -> bool:
    """Tell whether a character is an emoji, or another sign that is a picture of something."""
    if character < "\u2190":
        return False
    from unicodedata import category

    return category(character) == "So" and character not in "\u2640\u2642"


def visible(text: str) -> str:
    """Return a text in NFKC, without the characters that nobody sees."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFKC", "".join(each for each in text if not unseen(each)))


def folded(text: str) -> str:
    """Return a text in NFKC and case folded, without the characters that nobody sees."""
    from unicodedata import normalize

    # Folding can undo a composition, so the form is normalised again.
    return normalize("NFKC", visible(text).casefold())


def levelled(text: str) -> str:
    """Return a text folded, without accents and apostrophes: "Café’s" is "cafes"."""
    if text.isascii():
        return text.casefold().translate(_LEFT_OUT)
    from unicodedata import normalize

    # Apostrophes go first: some are an accent on a blank to Unicode.
    text = folded(text.translate(_LEFT_OUT)).translate(_LEFT_OUT).translate(_PLAIN)
    return normalize("NFKC", _ACCENTS.sub("", normalize("NFD", text)))


def spaced(text: str) -> str:
    """Return a text levelled, with a space between its words; pictures are none."""
    return " ".join(_without_pictures(levelled(text)).translate(_APART).split())


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a label as it is written: those of "#BettingTips" are two."""
    return tuple(spaced(_CAMEL.sub(" ", text[:_MOST])).split())


def _without_pictures(text: str) -> str:
    if text.isascii():
        return text
    from unicodedata import category

    signs = ("So", "Sk", "Me")
    return "".join(each for each in text if category(each) not in signs)


# The packs' words are asked for again and again while rules load: more of them than stand there.
@lru_cache(maxsize=16384)
def canonical(text: str) -> str:
    """Return the form in which labels compare.

    Case, accents, apostrophes, "#", pictures, what nobody sees, and all that parts words make no
    difference: "#CrueltyFree 🐰", "cruelty-free" and "Cruelty free" have one form. Where nothing
    else is there, the pictures count; else it is empty.
    """
    if text.isascii():
        return text.lower().translate(_FORM).strip(_EDGES)
    found = spaced(text).strip(_EDGES).replace(" ", "")
    return found or "".join(dict.fromkeys(filter(is_picture, visible(text))))


def label_form(text: str, vocabulary: str) -> str:
    """Return the form in which the labels of a vocabulary compare: brands have a wider one."""
    if vocabulary != BRANDS:
        return canonical(text)
    # Few runs meet a brand that is not the one of the brief.
    from checker.language.brands import brand_form

    return brand_form(text)
