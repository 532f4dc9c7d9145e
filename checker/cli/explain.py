"""`checker explain`: one rule in full."""

from __future__ import annotations

import click

from checker.cli.console import options_for
from checker.cli.output import write_stdout

_EXAMPLES = """\b
Examples:
  checker explain audience-age
  checker rules                 to see their names"""


@click.command(epilog=_EXAMPLES)
@click.argument("rule")
def explain(rule: str) -> None:
    """Show one rule: what it asks, where it comes from, whose its thresholds are, its cases."""
    from checker import api
    from checker.reporting.catalogue import rule_text

    found = api.explain(rule)
    write_stdout(rule_text(found.rule, found.pack, options_for("stdout")))
