"""`checker lint`: mistakes in rule packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.options import choice_option, files_argument, form_option
from checker.cli.output import write_stdout
from checker.model.diagnostics import Diagnostic

_EXAMPLES = """\b
Examples:
  checker lint                    all in force here and in the folders below
  checker lint rules/ours.yaml    one pack
  checker lint rules              every pack of a folder
  checker lint --changed-since origin/main   has each changed pack a new version?
  checker lint --fail-on warning -o github
  checker explain unused-param    why a diagnostic is reported, by its code

\b
Exit codes: 0 no error, 2 an error; with --fail-on warning: 1 a warning."""


@click.command(epilog=_EXAMPLES)
@files_argument("packs", "[RULES]...")
@click.option(
    "--changed-since",
    default="",
    metavar="REV",
    help="Also refuse a pack that changed since this git revision and kept its version.",
)
@choice_option("--fail-on", choices=("error", "warning"), help="What makes the exit code not 0.")
@form_option("text", "json", "sarif", "github", help="How it is written.")
@click.pass_context
def lint(
    ctx: click.Context, packs: tuple[Path, ...], changed_since: str, fail_on: str, form: str
) -> None:
    """Look for mistakes in rule packs: all of them at once, each with its place."""
    from checker import api_rules
    from checker.reporting.words import plural

    found = api_rules.lint(packs, changed_since=changed_since)
    errors = sum(diagnostic.severity == "error" for diagnostic in found)
    warnings = len(found) - errors
    code = 2 if errors else 1 if warnings and fail_on == "warning" else 0
    if form != "text":
        write_stdout(_for_programs(form, found), machine=True)
        ctx.exit(code)
    _write(found)
    also = f", {plural(warnings, 'warning')}" if warnings else ""
    if errors:
        click.echo(f"{plural(errors, 'error')}{also}", err=True)
        ctx.exit(code)
    loaded = api_rules.rules_in_force(packs)
    rules = {(pack.digest, rule.id) for each in loaded for rule, pack in each.rules}
    used = {digest for each in loaded for digest in each.packs}
    counted = f"{plural(len(used), 'pack')}, {plural(len(rules), 'rule')}"
    under = f" under {len(loaded)} configurations" if len(loaded) > 1 else ""
    write_stdout(f"{counted}{under}: no error{also}\n")
    ctx.exit(code)


def _write(found: Sequence[Diagnostic]) -> None:
    from checker.engine.lint_codes import CODES
    from checker.model.diagnostics import first_of
    from checker.reporting.diagnostics import diagnostics_text

    shown = [_with_code(diagnostic) for diagnostic in found]
    write_stdout(diagnostics_text(first_of(shown), options_for("stdout")))
    if any(diagnostic.code in CODES for diagnostic in found):
        write_stdout("\nWhy one is reported, and how it is mended: checker explain CODE\n")


def _for_programs(form: str, found: Sequence[Diagnostic]) -> str:
    from checker.engine.lint_codes import CODES
    from checker.loading.project import root_of_repository

    options = replace(options_for("stdout"), root=root_of_repository())
    if form == "sarif":
        from checker.reporting import sarif

        return sarif.lint_text(found, options, {code: each.title for code, each in CODES.items()})
    if form == "github":
        from checker.reporting import github

        return github.lint_text(found, options)
    from checker.reporting.json_report import diagnostic_json, document_text

    return document_text({"diagnostics": [diagnostic_json(each) for each in found]})


def _with_code(diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic with its code at its end, where there is an explanation of it."""
    from checker.engine.lint_codes import CODES

    if diagnostic.code not in CODES:
        return diagnostic
    return replace(diagnostic, message=f"{diagnostic.message} [{diagnostic.code}]")
