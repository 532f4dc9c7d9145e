"""`checker test`: every rule's own examples, and whether they would notice a mistake in it."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.console import Progress, options_for
from checker.cli.options import files_argument, form_option
from checker.cli.output import write_stdout

_EXAMPLES = """\b
Examples:
  checker test                    the shipped packs and the project's own
  checker test rules/ours.yaml    one pack
  checker test rules --mutate     would the examples notice a mistake in a rule?
  checker test rules --mutate -o json

\b
Exit codes: 0 all as expected, 1 not, or a change that nobody notices,
2 rules invalid, 3 no examples at all. What no example shows changes no code."""


@click.command(epilog=_EXAMPLES)
@files_argument("packs", "[RULES]...")
@click.option(
    "--mutate",
    is_flag=True,
    help="Also change each rule a little, one change at a time, and list the changes that no "
    "example notices, each with an example that would.",
)
@form_option("text", "json", help="How the result is written.")
@click.pass_context
def test(ctx: click.Context, packs: tuple[Path, ...], mutate: bool, form: str) -> None:
    """Run the examples of every rule: those that come out otherwise, and what none shows.

    A rule is shown whole when its examples have each outcome that it can have, and each side of
    every "and", "or", "if" and filter both true and false.
    """
    from checker import api_rules

    with Progress() as progress:
        tested = api_rules.test_rules(packs, mutate=mutate, progress=progress.checked)
    if not tested.examples:
        click.echo("error: no rule has examples; nothing was tested (exit 3)", err=True)
        ctx.exit(3)
    if form == "json":
        from checker.reporting.rule_tests_json import rule_tests_json

        write_stdout(rule_tests_json(tested), machine=True)
    else:
        from checker.reporting.rule_tests import rule_tests_text

        write_stdout(rule_tests_text(tested, options_for("stdout")))
    ctx.exit(0 if tested.ok else 1)
