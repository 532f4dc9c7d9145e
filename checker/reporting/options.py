"""What a reporter may be told. Nothing here changes a verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is shown.

    `width` is in terminal columns. `colour` allows ANSI colours. `show_all` shows what passed
    and was skipped, and why. `encoding` is what the text must be able to be written in.
    `exit_code` is named in the closing line where it is known; `again` is the command, without
    `--all`, that the hint repeats.
    """

    width: int = 80
    colour: bool = False
    show_all: bool = False
    encoding: str = "utf-8"
    exit_code: int | None = None
    again: str = ""
