"""`checker new`: a rule or a project of packs to start from, with examples that hold."""

from __future__ import annotations

import re
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
  checker new rule big-enough --in rules/reach.yaml
  checker new pack-project acme-rules          packs that others install"""

# The files of a project of packs, and what each is made from; "{module}" is the packs' folder.
_PROJECT = {
    "pyproject.toml": "pyproject",
    "README.md": "README.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "checker.yaml": "checker.yaml",
    "{module}/__init__.py": "__init__.py",
    "{module}/{name}.yaml": "pack.yaml",
    "tests/test_packs.py": "test_packs.py",
    ".github/workflows/packs.yml": "workflow.yml",
    ".gitignore": "gitignore",
}
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@click.group(epilog=_EXAMPLES)
def new() -> None:
    """Start something of your own: a rule, or a project of packs that others install."""


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


@new.command("pack-project", epilog=_EXAMPLES)
@click.argument("name", metavar="NAME")
def pack_project(name: str) -> None:
    """Write a Python distribution of rule packs, with tests, CI and a change log.

    NAME is what clients install, and write under `packs` in their configuration. Its folder is
    made here; what it has already stays.
    """
    from checker import api_rules
    from checker.cli.init import filled, write_new

    if not _NAME.fullmatch(name) or len(name) > 64 or api_rules.is_shipped(name):
        raise click.UsageError(
            f'"{name}" is no name for a project of packs: small letters, digits and hyphens, such '
            "as acme-rules, and not what a shipped pack or set is called"
        )
    folder, module = Path(name), name.replace("-", "_")
    try:
        said = [
            write_new(
                folder / path.format(name=name, module=module),
                filled(f"pack/{source}", name=name, module=module),
            )
            for path, source in _PROJECT.items()
        ]
    except OSError as error:
        raise cannot_write(str(error.filename or folder), error) from error
    write_stdout(
        "\n".join(said) + f"\n\nNext: cd {name}, then checker lint and checker test; clients then "
        f"install it and write {name} under packs\n"
    )
