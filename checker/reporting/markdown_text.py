"""Text from records inside markdown: shown as it is, and nothing else."""

from __future__ import annotations

import re
from html import escape

from checker.model.diagnostics import Position
from checker.reporting.diagnostics import place
from checker.reporting.safe import short
from checker.reporting.words import Places

_LONGEST = 300
_APART = "\u200b"

# What markdown, HTML, mathematics or emoji names could read as theirs. A backslash before it is
# read by every platform, and by people where none reads it. An underline in a word is no mark.
_SPECIAL = re.compile(r"[`*\[\]{}~|\\$^!#]|(?<![^\W_])_|_(?![^\W_])")
# What opens a tag or an entity stays out of the text altogether.
_MARKUP = re.compile(r"<|&(?=\\?[#\w])")
# A mention pings, a number refers, an address becomes a link: platforms look for these in the
# text after all escapes are read, so only a space of no width keeps them apart.
_PINGS = re.compile(r"@|#(?=\w)|!(?=\d)|:(?=//)|(?<=www)\.", re.IGNORECASE)


def safe(text: str, most: int = _LONGEST) -> str:
    """Return text that renders as itself: no markup, no link, no mention, on one line."""
    line = short(text, most)
    return _PINGS.sub(_apart, _MARKUP.sub(_entity, _SPECIAL.sub(r"\\\g<0>", line)))


def in_markup(text: str, most: int = _LONGEST) -> str:
    """Return text as `safe` does, for inside a block of HTML, where markdown is not read."""
    return _PINGS.sub(_apart, escape(short(text, most), quote=False))


def _entity(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else "&amp;"


def _apart(found: re.Match[str]) -> str:
    return f"{_APART}." if found[0] == "." else f"{found[0]}{_APART}"


def code(position: Position, places: Places | None = None) -> str:
    """Return a place as code, so that it reads as one and refers to nothing.

    With `places` it is as short as it stays clear.
    """
    where = places.one(position) if places else f"{place(position)} {position.cell}".strip()
    return f"<code>{safe(where)}</code>"
