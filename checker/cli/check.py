"""`checker check`: the verdict on briefs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.cli.console import Progress, options_for
from checker.cli.options import FILE, as_of_option, choice_option, file_option
from checker.cli.output import Output, parse_outputs, write_outputs
from checker.cli.redaction import read_salt
from checker.cli.step_summary import write_step_summary

if TYPE_CHECKING:
    from checker.model.report import Explain, Report

# Formats that list what decides, and name or count the rest.
_SHORT = {"text", "markdown", "github", "csv"}

FAIL_ON = ("undecided", "error", "warning", "never")

_EXAMPLES = """\b
Examples:
  checker check                              every brief below this folder
  checker check briefs/spring --all          also why the others pass
  checker check briefs -o text -o json=report.json
  checker check --brand brand.yaml --influencer jo.json
  checker check --changed-since origin/main -o github -o html=sheet.html
  checker check --files brand.yaml briefs/spring/shortlist.csv

\b
Exit codes: 0 clean, 1 failed, 2 usage or rules invalid, 3 input missing or
invalid, 4 undecided. --fail-on changes only the code:
  undecided  the default    error    4 becomes 0
  warning    warnings are 1 never    only 2 and 3 are left"""


class _Named(click.Path):
    """A path that says something: "" would be the whole folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail('a name is empty; "." is the folder that this runs in', param, ctx)
        return super().convert(value, param, ctx)


@click.command(epilog=_EXAMPLES)
@click.argument("briefs", nargs=-1, metavar="[BRIEF]...", type=_Named(path_type=Path))
@file_option("--brand", help="Without a brief: the brand to check against.")
@click.option(
    "--influencer",
    "influencers",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="Without a brief: an influencer to check; repeatable.",
)
@as_of_option(
    "The day that stands for today, such as 2026-03-02. The same day gives the same bytes."
)
@choice_option("--fail-on", choices=FAIL_ON, help="What makes the exit code other than 0.")
@file_option(
    "--baseline",
    metavar="REPORT",
    help="An earlier run, kept by -o baseline=FILE or as JSON: fail only on what is new since.",
)
@click.option(
    "--changed-since",
    default="",
    metavar="REV",
    help="Check only the briefs that a change since this git revision touches, through a record, "
    "a rule, the configuration or a waiver.",
)
@click.option(
    "--files",
    "by_files",
    is_flag=True,
    help="The arguments are records, rules, configurations or files of waivers: check the briefs "
    "below this folder that rest on one of them.",
)
@click.option(
    "-o",
    "--output",
    "wanted",
    multiple=True,
    metavar="FORMAT[=PATH]",
    help="text, json, html, xlsx, csv, questions, sarif, junit, github, gitlab, markdown or "
    "baseline, to standard output or a file; repeatable.",
)
@click.option(
    "--ended",
    "with_ended",
    is_flag=True,
    help="Also check the briefs of a folder whose campaign is over; without it they are left out.",
)
@click.option("--all", "show_all", is_flag=True, help="Show passes and skipped rules, and why.")
@click.option(
    "--redact",
    is_flag=True,
    help="Leave handles, names, notes and captions out of every report; salted ids stand for them.",
)
@file_option(
    "--redact-salt-file",
    "salt_file",
    help="With --redact: a secret that keeps the ids the same over runs, 16 bytes or more.",
)
@click.pass_context
def check(
    ctx: click.Context,
    briefs: tuple[Path, ...],
    brand: Path | None,
    influencers: tuple[Path, ...],
    as_of: date | None,
    fail_on: str,
    baseline: Path | None,
    changed_since: str,
    by_files: bool,
    wanted: tuple[str, ...],
    with_ended: bool,
    show_all: bool,
    redact: bool,
    salt_file: Path | None,
) -> None:
    """Check briefs: who may be signed, and why.

    BRIEF is a file or a folder; without one, the folder that this runs in.
    """
    _refuse_half_a_choice(briefs, brand, influencers)
    if brand is not None and (baseline is not None or changed_since):
        raise click.UsageError("--baseline and --changed-since are for briefs, not for --brand")
    if by_files and not (briefs or changed_since):
        raise click.UsageError("--files needs the files whose briefs are to be checked")
    others = (path for path in (brand, salt_file, baseline) if path is not None)
    named = [*briefs, *influencers, *others]
    salt = read_salt(redact=redact, file=salt_file)
    outputs = parse_outputs(wanted, inputs=named)
    from checker import api

    today = as_of or date.today()
    explain_all = _explained(outputs, show_all=show_all)
    ended: list[str] = []
    if brand is not None:
        report = api.check_without_brief(brand, influencers, as_of=today, explain_all=explain_all)
        reports = [report]
    else:
        with Progress() as progress:
            reports = api.check_briefs(
                (Path(),) if by_files else briefs or (Path(),),
                as_of=today,
                explain_all=explain_all,
                baseline=baseline,
                changed_since=changed_since,
                files=briefs if by_files else None,
                ended=None if with_ended else ended,
                progress=progress.checked,
            )
    if ended:
        from checker.reporting.words import plural

        left_out = f"{plural(len(ended), 'ended campaign')} left out"
        click.echo(f"{left_out}; --ended checks them too", err=True)
    elif not reports:
        click.echo(_nothing_touched(changed_since, by_files=by_files), err=True)
    code = api.exit_code(reports, fail_on=fail_on)
    again = _command(briefs, brand, influencers, as_of, by_files=by_files)
    if salt is not None:
        from checker.reporting.redact import redact as redacted

        reports = [redacted(report, salt) for report in reports]
        again = ""  # A command may name people too.
    texts = [
        (output, _render(output, reports, show_all=show_all, code=code, again=again))
        for output in outputs
    ]
    write_outputs(texts)
    write_step_summary(outputs, reports, whole=show_all)
    ctx.exit(code)


def _explained(outputs: Sequence[Output], *, show_all: bool) -> Explain:
    """Return what needs reasons: all where passes are shown, else what a format lists."""
    formats = {output.format for output in outputs}
    if show_all or "html" in formats:
        return True
    return False if formats <= _SHORT else "open"


def _refuse_half_a_choice(
    briefs: Sequence[Path], brand: Path | None, influencers: Sequence[Path]
) -> None:
    if briefs and (brand is not None or influencers):
        raise click.UsageError("give briefs, or --brand and --influencer, but not both")
    if brand is None and influencers:
        raise click.UsageError("--influencer needs the brand to check against: --brand FILE")
    if brand is not None and not influencers:
        raise click.UsageError("--brand needs whom to check: --influencer FILE")


def _nothing_touched(changed_since: str, *, by_files: bool) -> str:
    changed = f"is touched by what changed since {changed_since}" if changed_since else ""
    rests = "rests on one of these files" if by_files else ""
    return f"no brief {' or '.join(filter(None, (rests, changed)))}"


def _render(
    output: Output, reports: Sequence[Report], *, show_all: bool, code: int, again: str
) -> str | bytes:
    if not reports and output.format == "text":
        return ""
    from checker.loading.project import root_of_repository
    from checker.reporting.formats import FORMATS
    from checker.reporting.options import Options

    base = options_for("stdout") if output.path is None else Options()
    root = root_of_repository()
    options = replace(base, show_all=show_all, exit_code=code, again=again, root=root)
    return FORMATS[output.format](reports, options)


def _command(
    briefs: Sequence[Path],
    brand: Path | None,
    influencers: Sequence[Path],
    as_of: date | None,
    *,
    by_files: bool,
) -> str:
    """Return the command that checks the same again."""
    from shlex import join

    words = ["checker", "check", *(["--files"] if by_files else []), *map(str, briefs)]
    if brand is not None:
        words += ["--brand", str(brand)]
    for influencer in influencers:
        words += ["--influencer", str(influencer)]
    if as_of is not None:
        words += ["--as-of", as_of.isoformat()]
    return join(words)
