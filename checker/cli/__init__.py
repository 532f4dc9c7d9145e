"""The command line. Each command is imported when it runs, so that `--help` is instant."""

from __future__ import annotations

from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. `args` default to those of the process."""
    from checker.cli.group import run

    return run(args)
