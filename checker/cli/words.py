"""`checker words`: words of the records that no vocabulary knows."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.options import choice_option, files_argument, form_option
from checker.cli.output import write_stdout

_MOST_WRONG = 50

_EXAMPLES = """\b
Examples:
  checker words                       every brief below this folder
  checker words briefs/spring
  checker words briefs -o pack > rules/our-words.yaml
  checker words briefs -o json --fail-on warning

\b
Exit codes: 0 all looked at, known or not, 1 an unknown word and --fail-on
warning, 2 rules invalid or without vocabularies, 3 a record that cannot be
used, or no words at all."""


@click.command(epilog=_EXAMPLES)
@files_argument("briefs", "[BRIEF]...")
@form_option(
    "text",
    "json",
    "pack",
    help="How the result is written; pack is a rule pack that knows the words.",
)
@choice_option(
    "--fail-on",
    choices=("never", "warning"),
    help="warning makes an unknown word exit with 1.",
)
@click.pass_context
def words(ctx: click.Context, briefs: tuple[Path, ...], form: str, fail_on: str) -> None:
    """Look for topics, values, categories and roles in the records that no vocabulary knows.

    A word that no vocabulary knows meets only itself: "skncare" is no "skin care". Says how often
    each is used, where it stands first, which words are near, and what to paste into a pack of
    your own. BRIEF is a file or a folder; without one, the folder that this runs in.
    """
    from checker import api
    from checker.reporting.diagnostics import diagnostics_text
    from checker.reporting.unknown_words import pack_text, words_json, words_text

    report = api.unknown_words(briefs or (Path(),))
    if form == "json":
        write_stdout(words_json(report), machine=True)
    elif form == "pack":
        write_stdout(pack_text(report), machine=True)
    else:
        write_stdout(words_text(report, options_for("stdout"), again=_command(briefs)))
    wrong = diagnostics_text(report.wrong[:_MOST_WRONG], options_for("stderr"))
    more = len(report.wrong) - _MOST_WRONG
    click.echo(wrong + (f"and {more:,} more\n" if more > 0 else ""), nl=False, err=True)
    if not report.looked_at and not report.wrong:
        click.echo("error: no record has a word to look at (exit 3)", err=True)
    if report.wrong or not report.looked_at:
        ctx.exit(3)
    ctx.exit(1 if report.unknown and fail_on == "warning" else 0)


def _command(briefs: tuple[Path, ...]) -> str:
    from shlex import join

    return join(["checker", "words", *map(str, briefs), "-o", "pack"])
