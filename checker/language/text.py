"""The canonical form of labels."""

from __future__ import annotations

from functools import lru_cache

# The vocabulary of fields that name a brand; a pack may give it synonyms.
BRANDS = "brands"
# What stands between the words of a label: spaces, hyphens, dashes and underscores.
_SEPARATORS = str.maketrans(
    dict.fromkeys("-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212", " ")
)


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


# The packs' words are asked for again and again while rules load: more of them than stand there.
@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """Return the form in which labels compare: NFKC, case folded, separators alike.

    "Skin_Care", "skin-care" and "SKIN  CARE" have one form; characters that nobody sees are
    dropped. It may be empty.
    """
    if not text.isascii():
        text = folded(text)
    return " ".join(text.casefold().translate(_SEPARATORS).split())


def label_form(text: str, vocabulary: str) -> str:
    """Return the form in which the labels of a vocabulary compare: brands have a wider one."""
    if vocabulary != BRANDS:
        return canonical(text)
    # Few runs meet a brand that is not the one of the brief.
    from checker.language.brands import brand_form

    return brand_form(text)
