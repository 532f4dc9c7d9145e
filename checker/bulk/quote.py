"""The one way in which texts, names and numbers enter SQL."""

from __future__ import annotations

from math import isinf


def text_of(text: str) -> str:
    """Return a text as a literal of SQL."""
    if "\0" in text:
        # DuckDB's parser ends at the character.
        parts = [f"'{part.replace(_QUOTE, _QUOTE * 2)}'" for part in text.split("\0")]
        return f"({' || chr(0) || '.join(parts)})"
    return f"'{text.replace(_QUOTE, _QUOTE * 2)}'"


def name_of(name: str) -> str:
    """Return a name of a column or a member, quoted."""
    return '"' + name.replace('"', '""').replace("\0", "") + '"'


def number_of(value: float) -> str:
    """Return a number as a DOUBLE: a bare literal of SQL would be a DECIMAL."""
    if isinf(value):
        return "'infinity'::DOUBLE" if value > 0 else "'-infinity'::DOUBLE"
    return f"'{value!r}'::DOUBLE"


_QUOTE = "'"
