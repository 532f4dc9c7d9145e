"""What a reporter may be told. Nothing here changes a verdict."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a report is shown.

    `width` is in terminal columns. `colour` allows ANSI colours. `show_all` shows what passed
    and was skipped, and why. `encoding` is what the text must be able to be written in.
    `exit_code` is named in the closing line where it is known; `again` is the command, without
    `--all`, that the hint repeats. `root` is the way from the repository's root to the folder
    that the command runs in, "briefs/winter": platforms know files by their names from there.
    """

    width: int = 80
    colour: bool = False
    show_all: bool = False
    encoding: str = "utf-8"
    exit_code: int | None = None
    again: str = ""
    root: str = ""

    def from_root(self, file: str) -> str:
        """Return a file's name from the root of the repository; an absolute one as it is."""
        if not self.root or not file or not relative(file):
            return file
        return posixpath.normpath(f"{self.root}/{file}")


def relative(file: str) -> bool:
    """Tell whether a file's name is a path from the folder that the command ran in."""
    return not (file.startswith(("/", "\\")) or file[1:3] in (":/", ":\\"))
