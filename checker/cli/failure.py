"""What is said when the work cannot go on."""

from __future__ import annotations

import click

from checker.cli.console import options_for
from checker.cli.group import INTERNAL
from checker.model.diagnostics import CheckerError, first_of
from checker.reporting.diagnostics import diagnostics_text
from checker.reporting.safe import one_line


def report_failure(error: Exception, *, debug: bool = False) -> int:
    """Write what went wrong to stderr and return the exit code.

    A CheckerError is what the user can mend, with its own code. Anything else is a mistake of
    this program: one line, and exit code 70; `debug` adds the traceback.
    """
    if isinstance(error, CheckerError):
        shown = first_of(error.diagnostics)
        click.echo(diagnostics_text(shown, options_for("stderr")), nl=False, err=True)
        return error.exit_code
    if debug:
        import traceback

        click.echo("".join(traceback.format_exception(error)), nl=False, err=True)
    what = one_line(f"{type(error).__name__}: {error}".rstrip(": "))
    hint = "" if debug else " Where it happened: checker --debug ..."
    click.echo(f"checker: internal error: {what}. Please report it.{hint}", err=True)
    return INTERNAL
