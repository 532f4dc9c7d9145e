"""Lines of text in the making: wrapped, coloured where allowed, and harmless."""

from __future__ import annotations

from checker.reporting.options import Options
from checker.reporting.safe import cells, pad, short, wrap

_RESET = "\x1b[0m"
_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "good": "\x1b[32m",
    "bad": "\x1b[1;31m",
    "open": "\x1b[1;33m",
    "warn": "\x1b[33m",
}
# Typography that has an ASCII twin, one for one, for terminals that cannot show it.
_TWINS = {"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "×": "x", "\u00a0": " "}

# The widest that prose and aligned ends go, on however wide a terminal.
WIDEST = 120
NARROWEST = 20
LONGEST = 1000


class Page:
    """Collects lines. All text from outside goes through `text`, which makes it harmless."""

    def __init__(self, options: Options) -> None:
        self.width = max(NARROWEST, min(options.width, WIDEST))
        self.colour = options.colour
        self.encoding = options.encoding
        self.ellipsis = "…" if _can_write("…", options.encoding) else "..."
        self.lines: list[str] = []

    def text(self, raw: str) -> str:
        """Return text from outside on one line, harmless, and writable in the encoding.

        A text that is longer than any that people read in a terminal is cut.
        """
        return self.writable(short(raw, LONGEST, self.ellipsis))

    def writable(self, text: str) -> str:
        """Return the text with what the encoding lacks replaced, by its twin or by "?"."""
        if text.isascii() or _can_write(text, self.encoding):
            return text
        plain = "".join(
            character if _can_write(character, self.encoding) else _TWINS.get(character, character)
            for character in text
        )
        return plain.encode(self.encoding, "replace").decode(self.encoding)

    def paint(self, text: str, style: str) -> str:
        """Return the text in a style ("good", "bad", "open", "warn", "bold", "dim") or as it is."""
        if not self.colour or not style or not text:
            return text
        return f"{_STYLES[style]}{text}{_RESET}"

    def add(self, line: str = "") -> None:
        """Add a finished line. Ends of lines carry no spaces."""
        self.lines.append(line.rstrip(" "))

    def blank(self) -> None:
        """Add an empty line, unless the last one is empty or there is none."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def hang(self, lead: str, text: str, *, style: str = "", indent: int | None = None) -> None:
        """Add a lead and a text that wraps under itself, or under `indent` columns.

        `lead` is painted in `style`. Where the lead takes over half of a narrow page, the text
        wraps under the lead's own indentation instead.
        """
        margin = cells(lead) if indent is None else indent
        if margin > self.width // 2:
            margin = len(lead) - len(lead.lstrip(" ")) + 2
        first_room = self.width - cells(lead)
        whole = text if first_room > 0 else " " + text
        rows = wrap_first(whole, first_room, self.width - margin)
        space = len(lead) - len(lead.lstrip(" "))
        self.add(lead[:space] + self.paint(lead[space:], style) + rows[0])
        for row in rows[1:]:
            self.add(" " * margin + row)

    def ends(self, left: str, right: str, *, painted: str = "") -> None:
        """Add a line with a text at either end; the right one goes below where both do not fit.

        `painted` is the left text with colours, of the same width.
        """
        gap = self.width - cells(left) - cells(right)
        if gap >= 2:
            self.add((painted or left) + " " * gap + right)
            return
        if cells(left) <= self.width:
            self.add(painted or left)
        else:
            self.hang("", left)
        self.add(pad(right, self.width, right=True) if cells(right) < self.width else right)

    def render(self) -> str:
        """Return all lines as one text that ends with a line end."""
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "\n".join(self.lines) + "\n"


def wrap_first(text: str, first: int, rest: int) -> list[str]:
    """Return lines where the first has another width than the rest. No width is below 1."""
    first, rest = max(first, 1), max(rest, 1)
    if cells(text) <= first:
        return [text]
    words = text.split(" ")
    taken = 0
    while taken < len(words) and cells(" ".join(words[: taken + 1])) <= first:
        taken += 1
    if not taken and cells(words[0]) <= rest:
        return ["", *wrap(text, rest)]
    if not taken:
        head = wrap(words[0], first)[0]
        return [head, *wrap(text[len(head) :], rest)]
    return [" ".join(words[:taken]), *wrap(" ".join(words[taken:]), rest)]


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
