"""`checker words`: words of the records that no vocabulary knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.console import options_for
from checker.cli.options import choice_option, files_argument, form_option
from checker.cli.output import write_stdout

if TYPE_CHECKING:
    from checker.model.unknown_words import WordReport

_MOST_WRONG = 50
_MOST_LEFT = 20

_EXAMPLES = """\b
Examples:
  checker words                       every brief below this folder
  checker words briefs/spring
  checker words briefs --add
  checker words briefs --add --as 'skncare=skin care' --as zorbing=
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
@click.option(
    "--add",
    is_flag=True,
    help="Write unknown words into the project's own pack; on a terminal, each is asked for.",
)
@click.option(
    "--as",
    "given",
    multiple=True,
    metavar="WORD=LABEL",
    help="With --add: the label that a word belongs under; WORD= makes it one of its own.",
)
@click.pass_context
def words(
    ctx: click.Context,
    briefs: tuple[Path, ...],
    form: str,
    fail_on: str,
    *,
    add: bool,
    given: tuple[str, ...],
) -> None:
    """Look for topics, values, categories and roles in the records that no vocabulary knows.

    A word that no vocabulary knows meets only itself: "skncare" is no "skin care". Says how often
    each is used, the most frequent first, where it stands, and which words are near. With --add
    words become known, in a pack of your own that is written and named in checker.yaml. BRIEF is a
    file or a folder; without one, the folder that this runs in.
    """
    from checker import api
    from checker.reporting.diagnostics import diagnostics_text
    from checker.reporting.unknown_words import pack_text, words_json, words_text

    report = api.unknown_words(briefs or (Path(),))
    if add or given:
        _add(briefs or (Path(),), report, given, add=add)
    elif form == "json":
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


def _add(
    briefs: tuple[Path, ...], report: WordReport, given: tuple[str, ...], *, add: bool
) -> None:
    """Write the words that somebody said what to make of."""
    from os.path import relpath
    from sys import stdin

    from checker import api
    from checker.cli.output import cannot_write, write_stdout

    if not add:
        raise click.UsageError("--as goes with --add")
    chosen = dict(each.partition("=")[::2] for each in given)
    if not given and stdin.isatty():
        for each in report.unknown:
            near = f" ({', '.join(one.label for one in each.near)}?)" if each.near else ""
            asked = f'{each.vocabulary}: which label does "{each.word}" belong under{near}'
            label = click.prompt(f"{asked}; - to leave it", default=each.word)
            if label != "-":
                chosen[each.word] = "" if label == each.word else label
    try:
        written = api.add_words(briefs, report, chosen)
    except OSError as error:
        raise cannot_write(str(error.filename or ""), error) from error
    left = [each.word for each in report.unknown if each.word not in chosen]
    said = [f"wrote   {relpath(path)}" for path in written] or ["nothing was written"]
    if left:
        said.append(f"left    {', '.join(left[:_MOST_LEFT])}; say what each is: --as 'WORD=LABEL'")
    write_stdout("\n".join([*said, ""]))


def _command(briefs: tuple[Path, ...]) -> str:
    from shlex import join

    return join(["checker", "words", *map(str, briefs), "--add"])
