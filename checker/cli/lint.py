"""`checker lint`: mistakes in rule packs."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.output import write_stdout

_EXAMPLES = """\b
Examples:
  checker lint                    the shipped packs and the project's own
  checker lint rules/ours.yaml    one pack
  checker lint rules              every pack of a folder"""


@click.command(epilog=_EXAMPLES)
@click.argument("packs", nargs=-1, metavar="[RULES]...", type=click.Path(path_type=Path))
@click.pass_context
def lint(ctx: click.Context, packs: tuple[Path, ...]) -> None:
    """Look for mistakes in rule packs: all of them at once, each with its place.

    Exit code 2 where there is an error; warnings do not change it.
    """
    from checker import api_rules
    from checker.reporting.diagnostics import diagnostics_text
    from checker.reporting.words import plural

    found = api_rules.lint(packs)
    errors = sum(diagnostic.severity == "error" for diagnostic in found)
    warnings = len(found) - errors
    write_stdout(diagnostics_text(found, options_for("stdout")))
    also = f", {plural(warnings, 'warning')}" if warnings else ""
    if errors:
        click.echo(f"{plural(errors, 'error')}{also}", err=True)
        ctx.exit(2)
    loaded = api_rules.load_rules(packs)
    counted = f"{plural(len(loaded.packs), 'pack')}, {plural(len(loaded.rules), 'rule')}"
    write_stdout(f"{counted}: no error{also}\n")
