"""`checker diff`: what a change of rules changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from checker.cli.console import Progress, options_for
from checker.cli.options import FILE, as_of_option, form_option
from checker.cli.output import write_stdout

_EXAMPLES = """\b
Examples:
  checker diff main --records briefs        since main, on these briefs
  checker diff main HEAD --records briefs   what the branch has committed
  checker diff rules/old.yaml rules/new.yaml --records briefs
  checker diff main:rules rules --records briefs -o markdown
  checker diff old new --records briefs     two versions that pip put into folders

\b
A side is
  a rule file or a folder of them: these rules alone, and what they use
  an installed set of packs, or a folder that "pip install --target" put one into
  a git revision: what was in force then, by its checker.yaml
  REVISION:PATH: a rule file or folder as it was then
Without NEW: what is in force now. The records are always those of today.

\b
Exit codes: 0 compared, 1 with --exit-code where a verdict changes,
2 rules invalid, 3 a record is missing or invalid."""


@click.command(epilog=_EXAMPLES)
@click.argument("old")
@click.argument("new", required=False, default="")
@click.option(
    "--records",
    multiple=True,
    type=FILE,
    metavar="BRIEF",
    help="A brief, or a folder of briefs, to judge by both; repeatable. By default this folder's.",
)
@as_of_option("The day that stands for today on both sides.")
@form_option("text", "markdown", "json", help="How to write it; JSON has every instance.")
@click.option("--exit-code", "strict", is_flag=True, help="Exit with 1 where a verdict changes.")
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    records: tuple[Path, ...],
    as_of: date | None,
    form: str,
    strict: bool,
) -> None:
    """Say which verdicts and outcomes change between two versions of rules."""
    from checker import api_rules
    from checker.reporting import comparison as reporting
    from checker.reporting.diagnostics import diagnostics_text

    paths, today = records or (Path(),), as_of or date.today()
    with Progress() as progress:
        found = api_rules.diff(old, new, paths, as_of=today, progress=progress.checked)
    render = {"text": reporting.text, "markdown": reporting.markdown, "json": reporting.json}[form]
    write_stdout(render(found, options_for("stdout")))
    if found.invalid:
        click.echo(diagnostics_text(found.invalid, options_for("stderr")), err=True, nl=False)
        ctx.exit(3)
    ctx.exit(1 if strict and found.flips else 0)
