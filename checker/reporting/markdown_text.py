"""Text from records inside markdown: shown as it is, and nothing else."""

from __future__ import annotations

import re

from checker.model.diagnostics import Position
from checker.reporting.diagnostics import place
from checker.reporting.safe import short
from checker.reporting.words import Places

_LONGEST = 300
_APART = "&#8203;"

# Everything that markdown, HTML, mathematics or emoji names could read as theirs.
_SPECIAL = re.compile(r"[&<>\"'`*_\[\]{}~|\\$^!#]")
# A mention pings, a number refers, an address becomes a link: platforms look for these in the
# text after all escapes are read, so only a space of no width keeps them apart.
_PINGS = re.compile(r"@|#(?=\w)|!(?=\d)|:(?=//)|(?<=www)\.", re.IGNORECASE)


def safe(text: str, most: int = _LONGEST) -> str:
    """Return text that renders as itself: no markup, no link, no mention, on one line."""
    line = short(text, most)
    parts = _PINGS.split(line)
    marks = _PINGS.findall(line)
    shown = [_SPECIAL.sub(_entity, part) for part in parts]
    for index, mark in enumerate(marks):
        shown[index] += _SPECIAL.sub(_entity, mark) + _APART if mark != "." else f"{_APART}."
    return "".join(shown)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def code(position: Position, places: Places | None = None) -> str:
    """Return a place as code, so that it reads as one and refers to nothing.

    With `places` it is as short as it stays clear.
    """
    where = places.one(position) if places else f"{place(position)} {position.cell}".strip()
    return f"<code>{safe(where)}</code>"
