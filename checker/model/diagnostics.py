"""What is wrong with a rule file, a record, the configuration or a command, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, Self

from checker.model.frozen import dataclass

# A broken file may have thousands of mistakes; the first ones are enough to mend it.
MOST_DIAGNOSTICS = 50
# Messages longer than this have what they quote cut to so many characters, and then an end.
_LONGEST = 500
_QUOTED = 80
_MOST = 3000


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file. `line` and `column` count from 1, in characters; 0 means the whole.

    `cell` is the column name in a CSV file, whose `line` is the line that the row starts on.
    """

    file: str
    line: int = 0
    column: int = 0
    cell: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column and not self.cell:
                place += f":{self.column}"
        return f"{place} {self.cell}" if self.cell else place


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The line that a diagnostic is about; `length` characters from `start` (from 0) are marked."""

    line: int
    text: str
    start: int
    length: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong: a plain sentence, its place and, where known, the mend.

    `code` is a stable kebab-case name ("unknown-field"). `hint` may have several lines.
    """

    code: str
    message: str
    position: Position
    severity: Literal["error", "warning"] = "error"
    hint: str = ""
    excerpt: Excerpt | None = None

    def __post_init__(self) -> None:
        """Cut what is quoted: a name in a file may be as long as the file."""
        if len(self.message) > _LONGEST:
            object.__setattr__(self, "message", _cut(self.message))
        if len(self.hint) > _LONGEST:
            object.__setattr__(self, "hint", _cut(self.hint))


def by_place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    """Return what diagnostics are sorted by: file, line and column."""
    position = diagnostic.position
    return position.file, position.line, position.column


def first_of(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the first of many diagnostics, and one that says how many more there are."""
    more = len(found) - MOST_DIAGNOSTICS
    if more <= 0 or (more == 1 and found[-1].code == "and-more"):
        return list(found)
    shown = list(found[:MOST_DIAGNOSTICS])
    message = f"and {more:,} more mistakes; mend the first ones, and look again"
    return [*shown, Diagnostic("and-more", message, found[MOST_DIAGNOSTICS].position)]


def _cut(text: str) -> str:
    text = re.sub(rf'"([^"\n]{{{_QUOTED}}})[^"\n]+"', r'"\1..."', text)
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


class CheckerError(Exception):
    """The work cannot go on. Carries everything that is wrong, not only the first.

    `exit_code` is 2 (usage, configuration or rules) or 3 (input missing, unreadable, invalid).
    """

    exit_code = 3

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{d.position}: {d.message}" for d in self.diagnostics))

    @classmethod
    def of(cls, code: str, message: str, position: Position | str, hint: str = "") -> Self:
        """Return an error with one diagnostic, at a position or about a whole file."""
        place = Position(position) if isinstance(position, str) else position
        return cls([Diagnostic(code, message, place, hint=hint)])


class RulesError(CheckerError):
    """A rule pack, the configuration or the command's usage is invalid."""

    exit_code = 2


class InputError(CheckerError):
    """A record is missing, unreadable or invalid, or there is nothing to evaluate."""

    exit_code = 3
