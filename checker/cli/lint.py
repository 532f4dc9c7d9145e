"""`checker lint`: mistakes in rule packs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.options import files_argument
from checker.cli.output import write_stdout
from checker.model.diagnostics import Diagnostic

_EXAMPLES = """\b
Examples:
  checker lint                    all in force here and in the folders below
  checker lint rules/ours.yaml    one pack
  checker lint rules              every pack of a folder
  checker explain unused-param    why a diagnostic is reported, by its code"""


@click.command(epilog=_EXAMPLES)
@files_argument("packs", "[RULES]...")
@click.pass_context
def lint(ctx: click.Context, packs: tuple[Path, ...]) -> None:
    """Look for mistakes in rule packs: all of them at once, each with its place.

    Exit code 2 where there is an error; warnings do not change it.
    """
    from checker import api_rules
    from checker.engine.lint_codes import CODES
    from checker.model.diagnostics import first_of
    from checker.reporting.diagnostics import diagnostics_text
    from checker.reporting.words import plural

    found = [_with_code(diagnostic) for diagnostic in api_rules.lint(packs)]
    errors = sum(diagnostic.severity == "error" for diagnostic in found)
    warnings = len(found) - errors
    write_stdout(diagnostics_text(first_of(found), options_for("stdout")))
    if any(diagnostic.code in CODES for diagnostic in found):
        write_stdout("\nWhy one is reported, and how it is mended: checker explain CODE\n")
    also = f", {plural(warnings, 'warning')}" if warnings else ""
    if errors:
        click.echo(f"{plural(errors, 'error')}{also}", err=True)
        ctx.exit(2)
    loaded = api_rules.rules_in_force(packs)
    rules = {(pack.digest, rule.id) for each in loaded for rule, pack in each.rules}
    used = {digest for each in loaded for digest in each.packs}
    counted = f"{plural(len(used), 'pack')}, {plural(len(rules), 'rule')}"
    under = f" under {len(loaded)} configurations" if len(loaded) > 1 else ""
    write_stdout(f"{counted}{under}: no error{also}\n")


def _with_code(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic with its code at its end, where there is an explanation of it."""
    from checker.engine.lint_codes import CODES

    if diagnostic.code not in CODES:
        return diagnostic
    return replace(diagnostic, message=f"{diagnostic.message} [{diagnostic.code}]")
