"""`checker rules`: the catalogue, and which rules apply to a brief."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.console import options_for
from checker.cli.options import file_option, files_argument, form_option
from checker.cli.output import write_stdout

_EXAMPLES = """\b
Examples:
  checker rules                           all rules in force here and below
  checker rules rules/ours.yaml           those of one pack
  checker rules rules/ours.yaml -o markdown > rules.md
  checker rules --for briefs/spring       which apply to a brief, and why"""


@click.command(epilog=_EXAMPLES)
@files_argument("packs", "[RULES]...")
@file_option(
    "--for", "brief", metavar="BRIEF", help="Say which rules apply to this brief, and why."
)
@form_option(
    "text",
    "markdown",
    help="markdown writes a catalogue: each rule in words, with its sources and examples.",
)
def rules(packs: tuple[Path, ...], brief: Path | None, form: str) -> None:
    """List the rules, or say which apply to a brief."""
    from checker import api_rules

    if form == "markdown":
        if brief is not None:
            raise click.UsageError("-o markdown writes about rules, not about a brief")
        from checker.reporting.catalogue_markdown import pack_page

        pages = [pack_page(pack, found) for pack, found in api_rules.catalogue(packs) if found]
        write_stdout("\n".join(pages))
        return
    from checker.reporting.catalogue import applies_text, catalogue_text

    options = options_for("stdout")
    if brief is None:
        write_stdout(catalogue_text(api_rules.rules_in_force(packs), options))
        return
    if packs:
        raise click.UsageError("--for uses the packs of the brief's project; name no others")
    write_stdout(applies_text(api_rules.rules_for(brief), options))
