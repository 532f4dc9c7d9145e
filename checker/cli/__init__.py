"""The command line. Each command is imported when it runs, so that `--help` is instant."""

from __future__ import annotations

import gc
from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. `args` default to those of the process."""
    # A run is short and keeps most of what it makes: a tenth of it would go into collections.
    gc.set_threshold(100_000, 50, 50)
    from checker.cli.group import run

    return run(args)
