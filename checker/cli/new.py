"""`checker new`: a rule to start from, with examples that hold."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.options import choice_option
from checker.cli.output import cannot_write, write_stdout

STARTERS = Path(__file__).parent / "starter/rules"
SCOPES = ("influencer", "brief", "shortlist", "post")
OURS = Path("rules/ours.yaml")

_EXAMPLES = """\b
Examples:
  checker new rule big-enough                  in rules/ours.yaml
  checker new rule enough-tiers --scope brief
  checker new rule big-enough --in rules/reach.yaml"""


@click.group(epilog=_EXAMPLES)
def new() -> None:
    """Start something of your own: a rule."""


@new.command(epilog=_EXAMPLES)
@click.argument("rule_id", metavar="ID")
@choice_option("--scope", choices=SCOPES, help="What the rule is about.")
@click.option(
    "--in",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=OURS,
    show_default=True,
    metavar="FILE",
    help="The rule file; it is made if it is missing, else the rule goes to its end.",
)
def rule(rule_id: str, scope: str, path: Path) -> None:
    """Write a rule that works, with examples that hold, to be changed into your own.

    ID is the rule's name: small letters, digits and hyphens. What a file has already stays.
    """
    from checker import api_rules
    from checker.files import put_files

    starter = (STARTERS / f"{scope}.yaml").read_text(encoding="utf-8")
    text = api_rules.new_rule(path, rule_id, starter)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # It goes over the file that was read, which is in it.
        put_files([(path, text.encode("utf-8"))])
    except OSError as error:
        raise cannot_write(str(path), error) from error
    line = text[: text.index(f"- id: {rule_id}\n")].count("\n") + 1
    write_stdout(
        f"wrote   {path}:{line}  {rule_id}\n\n"
        "Change its title, condition, texts and examples into your own. Then:\n"
        f"  checker test {path}    do the examples hold?\n"
        f"  checker lint {path}    is anything amiss?\n\n"
        "It holds once checker.yaml names the file:\n"
        f"  packs: [handbook, law, {path.as_posix()}]\n"
    )
