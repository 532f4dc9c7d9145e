"""The canonical form of labels."""

from __future__ import annotations

# What stands between the words of a label: spaces, hyphens, dashes and underscores.
_SEPARATORS = str.maketrans(
    dict.fromkeys("-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212", " ")
)


def canonical(text: str) -> str:
    """Return the form in which labels compare: NFKC, case folded, separators alike.

    "Skin_Care", "skin-care" and "SKIN  CARE" have one form. It may be empty.
    """
    if not text.isascii():
        from unicodedata import normalize

        # Folding can undo a composition, so the form is normalised again.
        text = normalize("NFKC", normalize("NFKC", text).casefold())
    return " ".join(text.casefold().translate(_SEPARATORS).split())
