"""What the streams can show: their width, colours and encoding."""

from __future__ import annotations

import os
import sys
import time
from typing import Literal

import click

from checker.reporting.options import Options

# The width of everything that is not a terminal, so that the same run gives the same bytes.
_WIDTH = 80


def is_terminal(name: Literal["stdout", "stderr"]) -> bool:
    """Tell whether a stream is a terminal that a person looks at."""
    stream = getattr(sys, name)
    try:
        return bool(stream is not None and stream.isatty())
    except ValueError:  # The stream is closed.
        return False


def options_for(name: Literal["stdout", "stderr"]) -> Options:
    """Return how text is shown on a stream: coloured on a terminal, unless NO_COLOR is set."""
    terminal = is_terminal(name)
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = getattr(getattr(sys, name), "encoding", None) or "utf-8"
    return Options(width=_width(name) if terminal else _WIDTH, colour=colour, encoding=encoding)


def _width(name: Literal["stdout", "stderr"]) -> int:
    try:
        return os.get_terminal_size(getattr(sys, name).fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


class Progress:
    """A line on stderr that counts what is done: on a terminal only, and only after a second.

    It is there until the block ends.
    """

    def __init__(self) -> None:
        self._next = time.monotonic() + 1.0 if is_terminal("stderr") else float("inf")
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)

    def checked(self, done: int, total: int) -> None:
        """Say that `done` of `total` are checked."""
        self._say(f"checked {done:,} of {total:,}")

    def screened(self, done: int, total: int, lines: int) -> None:
        """Say how many lines are screened, and which share of the files that is."""
        share = 100 * done // total if total else 100
        self._say(f"screened {lines:,}, {share}% of the files")

    def _say(self, text: str) -> None:
        """Write the line, at most ten times a second."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 0.1
        self._shown = True
        click.echo(f"\r{text} ", nl=False, err=True)
