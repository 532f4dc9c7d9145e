"""`checker compare`: what changed between two runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.options import as_of_option
from checker.cli.output import Output, refuse_targets, write_outputs

_EXAMPLES = """\b
Examples:
  checker compare last-week.json this-week.json
  checker compare last-week.json briefs/spring
  checker compare HEAD~5                    since then, the briefs below this folder
  checker compare v1:briefs v2:briefs -o xlsx=changes.xlsx

\b
A side is
  a JSON report of `checker check -o json`
  a brief, or a folder of briefs, as it is now
  a git revision, or REVISION:PATH: the briefs as they were, by their rules
Without NEW: this folder as it is now.

\b
Exit codes: 0 compared, 1 with --exit-code where something got worse, 2 usage
or rules invalid, 3 a report or a brief is missing or invalid."""

_FORMS = ("text", "markdown", "xlsx")


@click.command(epilog=_EXAMPLES)
@click.argument("old")
@click.argument("new", required=False, default=".")
@as_of_option("The day that stands for today in what is checked anew.")
@click.option(
    "-o",
    "--output",
    "wanted",
    default="text",
    metavar="FORMAT[=PATH]",
    help="text, markdown, or xlsx=FILE.",
)
@click.option("--exit-code", "strict", is_flag=True, help="Exit with 1 where something got worse.")
@click.pass_context
def compare(
    ctx: click.Context, old: str, new: str, as_of: date | None, wanted: str, strict: bool
) -> None:
    """Say who came, went, now passes or fails, and because of which fact."""
    form, _, path = wanted.partition("=")
    if form not in _FORMS:
        raise click.UsageError(f'-o: no format is called "{form}"; write {", ".join(_FORMS)}')
    if form == "xlsx" and not path:
        raise click.UsageError("-o: xlsx needs a file: -o xlsx=changes.xlsx")
    output = Output(form, Path(path) if path else None)
    refuse_targets([("-o", output.path)], inputs=[Path(old), Path(new)])

    from checker import api
    from checker.reporting import since

    found = api.compare(old, new, as_of=as_of or date.today())
    options = options_for("stdout")
    if form == "xlsx":
        content: str | bytes = since.workbook(found, options)
    else:
        content = (since.text if form == "text" else since.markdown)(found, options)
    write_outputs([(output, content)])
    ctx.exit(1 if strict and any(each.worse for each in found) else 0)
