"""`checker explain`: a rule in full, a rule on somebody, or what a diagnostic means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.options import FILE, as_of_option
from checker.cli.output import write_stdout
from checker.model.diagnostics import RulesError

_EXAMPLES = """\b
Examples:
  checker explain audience-age
  checker explain audience-age briefs/spring @gadgetgav
  checker explain never-fails   what a diagnostic of checker lint means
  checker rules                 to see the names of rules"""


@click.command(epilog=_EXAMPLES)
@click.argument("rule")
@click.argument("brief", required=False, type=FILE)
@click.argument("subject", required=False, default="")
@as_of_option("With a brief: the day that stands for today.")
def explain(rule: str, brief: Path | None, subject: str, as_of: date | None) -> None:
    """Show a rule: what it asks in plain words, whose its thresholds are, what it reads.

    Of a diagnostic of checker lint: why it is reported, and how it is mended.

    With a BRIEF and a SUBJECT (a handle, or the name of a post): how the rule comes out there,
    every part of its condition with its value and its place.
    """
    from checker import api_rules
    from checker.engine.lint_codes import CODES

    options = options_for("stdout")
    if brief is None and rule in CODES:
        from checker.reporting.lint_text import code_text

        write_stdout(code_text(CODES[rule], options))
        return
    if brief is None:
        from checker.reporting.rule_page import rule_text

        try:
            found = api_rules.explain(rule)
        except RulesError as error:
            raise _with_near_code(error, rule, CODES) from None
        write_stdout(rule_text(found, options))
        return
    from checker.reporting.tree_text import explained_text

    write_stdout(explained_text(api_rules.explain_on(rule, brief, subject, as_of=as_of), options))


def _with_near_code(error: RulesError, name: str, codes: Iterable[str]) -> RulesError:
    """Return an error that also says which diagnostic of checker lint may be meant."""
    from checker.language.suggest import did_you_mean

    near = did_you_mean(name, codes)
    if not near:
        return error
    hint = f"Of the diagnostics of checker lint: {near}"
    return RulesError(
        replace(each, hint=f"{hint}\n{each.hint}") if each.code == "unknown-rule" else each
        for each in error.diagnostics
    )
