"""`checker test`: every rule's own examples, and whether they would notice a mistake in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.console import Progress, options_for
from checker.cli.output import write_stdout

if TYPE_CHECKING:
    from checker.api import ExampleResult
    from checker.engine.mutation.testing import MutationResult
    from checker.reporting.page import Page

_EXAMPLES = """\b
Examples:
  checker test                    the shipped packs and the project's own
  checker test rules/ours.yaml    one pack
  checker test rules --mutate     would the examples notice a mistake in a rule?

\b
Exit codes: 0 all as expected, 1 not, or a change survives, 2 rules invalid,
3 no examples at all"""


@click.command(epilog=_EXAMPLES)
@click.argument("packs", nargs=-1, metavar="[RULES]...", type=click.Path(path_type=Path))
@click.option(
    "--mutate",
    is_flag=True,
    help="Also change each rule a little, one change at a time, and list the changes that no "
    "example notices.",
)
@click.pass_context
def test(ctx: click.Context, packs: tuple[Path, ...], mutate: bool) -> None:
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
    code = 1 if failed else 0
    if mutate and not failed:
        found = _mutate(packs)
        _add_survivors(page, found)
        code = 1 if found.survivors else 0
    write_stdout(page.render())
    ctx.exit(code)


def _mutate(packs: tuple[Path, ...]) -> MutationResult:
    from checker import api

    progress = Progress()
    try:
        return api.mutate(packs, progress=progress)
    finally:
        progress.close()


def _add_survivors(page: Page, found: MutationResult) -> None:
    from checker.reporting.diagnostics import place
    from checker.reporting.words import plural

    for mutant in found.survivors:
        page.blank()
        page.hang("", f"{page.text(place(mutant.position))}: {page.text(mutant.owner)}: survives")
        page.hang("  it says   ", page.text(mutant.old))
        page.hang("  not       ", page.text(mutant.new))
    page.blank()
    survive = f"{len(found.survivors):,} survive" if found.survivors else "all noticed"
    page.hang("", f"{plural(found.made, 'change')}: {survive}")


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
