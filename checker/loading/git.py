"""Asking git, which need not be installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from checker.files import is_folder
from checker.model.diagnostics import RulesError


def run_git(folder: Path, *arguments: str, said: str, wrong: str) -> bytes:
    """Run git in a folder, or in a file's folder, and return what it prints.

    Args:
        said: where the user asked for it, for the message: an option, or an argument.
        wrong: what it means that git refuses.

    Raises:
        RulesError: there is no git, or it refuses.
    """
    place = folder if is_folder(folder) else folder.parent
    try:
        done = subprocess.run(
            ["git", "-C", str(place), *arguments], capture_output=True, check=False
        )
    except OSError:
        raise RulesError.of("git", f"git is not installed, and {said} asks it", said) from None
    if done.returncode:
        raise RulesError.of("git", wrong, said, done.stderr.decode(errors="replace").strip())
    return done.stdout


def run_git_text(folder: Path, *arguments: str, said: str, wrong: str) -> str:
    """Return what git prints as text, without the last line's end; see `run_git`."""
    printed = run_git(folder, *arguments, said=said, wrong=wrong)
    # Names of files are bytes.
    return printed.decode(errors="surrogateescape").rstrip("\n")
