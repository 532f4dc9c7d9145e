"""`checker test`: every rule's own examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.console import options_for
from checker.cli.output import write_stdout

if TYPE_CHECKING:
    from checker.api import ExampleResult
    from checker.reporting.page import Page

_EXAMPLES = """\b
Examples:
  checker test                    the shipped packs and the project's own
  checker test rules/ours.yaml    one pack

\b
Exit codes: 0 all as expected, 1 not, 2 rules invalid, 3 no examples at all"""


@click.command(epilog=_EXAMPLES)
@click.argument("packs", nargs=-1, metavar="[RULES]...", type=click.Path(path_type=Path))
@click.pass_context
def test(ctx: click.Context, packs: tuple[Path, ...]) -> None:
    """Run the examples of every rule, and show those that come out otherwise."""
    from checker import api
    from checker.reporting.page import Page
    from checker.reporting.words import plural

    results = list(api.run_examples(packs))
    if not results:
        click.echo("error: no rule has examples; nothing was tested (exit 3)", err=True)
        ctx.exit(3)
    page = Page(options_for("stdout"))
    failed = [result for result in results if not result.ok]
    for result in failed:
        _add_failure(page, result)
    page.blank()
    examples = plural(len(results), "example")
    rules = plural(len({result.rule for result in results}), "rule")
    outcome = f"{len(failed):,} not as expected" if failed else "all as expected"
    page.hang("", f"{examples} of {rules}: {outcome}")
    write_stdout(page.render())
    ctx.exit(1 if failed else 0)


def _add_failure(page: Page, result: ExampleResult) -> None:
    from checker.reporting.diagnostics import place

    page.blank()
    where = page.text(place(result.position))
    rule, expect, got = page.text(result.rule), page.text(result.expect), page.text(result.got)
    page.hang("", f"{where}: {rule}: expected {expect}, got {got}")
    if result.why:
        page.hang("  example  ", page.text(result.why))
    if result.reason:
        page.hang("  reason   ", page.text(result.reason))
