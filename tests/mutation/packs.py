"""Packs for these tests: the shipped ones, and small ones with examples of one's own."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner, Result

from checker.cli.group import checker as command

RULES = Path(__file__).parents[2] / "rules"

HEAD = """\
pack: small
version: 1.0.0
title: Small
rules:
  - id: enough
    title: Enough people follow
    scope: influencer
    severity: error
    source: ours
"""


def write_pack(folder: Path, body: str, head: str = HEAD) -> Path:
    """Write a pack of one rule, and return its file."""
    path = folder / "small.yaml"
    path.write_text(head + body, encoding="utf-8")
    return path


def run_at_home(path: Path, *options: str) -> Result:
    """Run `checker test` in a pack's folder, so that lines do not break within its name."""
    with chdir(path.parent):
        return CliRunner().invoke(command, ["test", path.name, *options])


def add_example(path: Path, rule: str, expect: str, yaml: str) -> None:
    """Paste an example under a rule's status, as a person would."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines.index(f"  - id: {rule}")
    start = lines.index("    examples:", at)
    section = f"      {expect}:"
    following = (
        n for n in range(start + 1, len(lines)) if lines[n] and not lines[n].startswith("      ")
    )
    end = next(following, len(lines))
    if section in lines[start:end]:
        place = lines.index(section, start) + 1
        lines[place:place] = yaml.splitlines()
    else:
        lines[start + 1 : start + 1] = [section, *yaml.splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
