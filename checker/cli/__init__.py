"""The command line. Each command is imported when it runs, so that `--help` is instant."""

from __future__ import annotations

import gc
import signal
from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. `args` default to those of the process."""
    from checker.cli.group import run

    if args is not None:
        return run(args)
    # The process is short and keeps most of what it makes: a fifth of it would go into looking
    # for garbage, most of that when it ends.
    gc.set_threshold(300_000, 50, 50)
    _end_as_by_ctrl_c()
    code = run()
    gc.freeze()
    return code


def _end_as_by_ctrl_c() -> None:
    """Clean up too where the system, or a terminal that closes, asks this process to end."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What the caller has it ignore, as nohup does, stays ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
