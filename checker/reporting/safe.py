"""Text that comes from files, made harmless for a terminal and measured in its columns."""

from __future__ import annotations

import re
import unicodedata

# Marks that reorder what stands around them: a handle must not rewrite its own verdict.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Joiners are part of emoji and of several scripts, and only ever join.
_KEPT = frozenset("\u200c\u200d")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# What CI runners obey when it stands in their log: "::error::" at the start of a line, which a
# wrapped text may reach anywhere, and "##[error]" and its kin at any place.
_COMMAND = r"(:)(?=:\w)|(#)(?=#\w*\[)"

# No system has longer names of files.
LONGEST_FILE = 4096

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"


def inert(text: str) -> str:
    r"""Return the text with control characters written out: an escape becomes ``\x1b``.

    Covers control and format characters, ANSI escapes with them, marks that change the
    direction of writing, line and paragraph separators, lone surrogates, and the commands that
    CI runners read from logs (``::error::``, ``##[error]``). Other printable text comes back as
    it is; doing it twice changes nothing more.
    """
    if not text.isprintable():
        text = "".join(_inert(character) for character in text)
    if "::" in text or "##" in text:
        text = re.sub(_COMMAND, lambda found: f"\\x{ord(found[0]):02x}", text)
    return text


def _inert(character: str) -> str:
    if character in _KEPT:
        return character
    if character not in _BIDI and unicodedata.category(character) not in _ESCAPED:
        return character
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: str) -> str:
    """Return the text on one line, harmless: every run of white space is one space."""
    return inert(" ".join(text.split()))


def short(text: str, most: int, ellipsis: str = "…") -> str:
    """Return the text on one line, harmless, in at most `most` characters."""
    # What is written out grows, so cutting first loses nothing that would be shown.
    line = one_line(text[: 4 * most + 100])
    if len(line) <= most and len(text) <= 4 * most + 100:
        return line
    return line[: max(0, most - len(ellipsis))].rstrip() + ellipsis


def cells(text: str) -> int:
    """Return how many columns of a terminal the text takes.

    East Asian wide characters and emoji take two, combining marks none; an emoji joined to the
    one before adds nothing. Terminals differ on rare sequences; this is what most of them do.
    """
    if text.isascii():
        return len(text)
    total = 0
    before = ""
    last = 0
    for character in text:
        width = _cells(character)
        if (before == _ZERO_WIDTH_JOINER and not character.isascii()) or (
            _is_skin_tone(character) and last == 2
        ):
            width = 0
        elif character == _EMOJI_STYLE and last == 1 and ord(before) >= 0x203C:
            # "Show the character before as an emoji": it grows from one column to two.
            width = 1
        total += width
        last = width or last
        before = character
    return total


def _cells(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if "\u1160" <= character <= "\u11ff":
        # The later letters of a Korean syllable stand in the cell of the first.
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def clip(text: str, width: int, ellipsis: str = "…") -> str:
    """Return the text in at most `width` columns; what is cut off shows as the ellipsis."""
    if cells(text) <= width:
        return text
    room = width - cells(ellipsis)
    if room <= 0:
        return _head(text, width)
    return _head(text, room).rstrip() + ellipsis


def _head(text: str, width: int) -> str:
    # Grow by whole characters, so that what joins a character stays with it.
    end = 0
    while end < len(text) and cells(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled with spaces to `width` columns, on the left if `right`-aligned."""
    space = " " * (width - cells(text))
    return space + text if right else text + space


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` columns, broken at spaces where it has any."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while cells(line) > width:
            head = _head(line, width) or line[0]
            lines.append(head)
            line = line[len(head) :]
    if line or not lines:
        lines.append(line)
    return lines
