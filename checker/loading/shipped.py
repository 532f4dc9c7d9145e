"""The shipped rule packs, by the sets that a configuration names."""

from __future__ import annotations

import os
import re
from pathlib import Path

from checker.files import is_named
from checker.loading.data_files import rules_folder
from checker.loading.rule_build import applies_from
from checker.loading.source import SourceFile
from checker.loading.yaml_text import read_yaml
from checker.model.diagnostics import CheckerError
from checker.model.rules import Applies

ENDINGS = (".yaml", ".yml")
# Each set and its folder. The handbook's packs judge every brief, those of the law the briefs of
# their markets and categories; the trade's figures are for who asks for them.
SETS = {"handbook": "", "law": "law", "trade": "trade"}
DEFAULT_SETS = ("handbook", "law")

# What follows `applies` in a pack: its head ends before the first of these.
_BODY = re.compile(r"^(?:uses|sources|tables|definitions|facts|rules):", re.MULTILINE)
# The examples of a rule, as all shipped packs write them.
_EXAMPLES = re.compile(r"^    examples:\n(?: {5}.*(?:\n|\Z)|\n)*", re.MULTILINE)


def rule_files(folder: Path) -> list[Path]:
    """Return the rule files that stand in a folder, by name; none where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.name.endswith(ENDINGS) and is_named(Path(entry))
            ]
    except OSError:
        return []
    return [folder / name for name in sorted(names)]


def files_of(name: str) -> dict[str, Path]:
    """Return the packs of a set, by name."""
    return {path.stem: path for path in rule_files(rules_folder() / SETS[name])}


def shipped_files() -> dict[str, Path]:
    """Return all shipped packs by name, set by set."""
    return {pack: path for name in SETS for pack, path in files_of(name).items()}


def shown_name(path: Path) -> str | None:
    """Return a shipped pack's name for messages: one wherever the program is installed."""
    folder = rules_folder()
    if path.parent not in {folder / below for below in SETS.values()}:
        return None
    return f"rules/{path.relative_to(folder).as_posix()}"


def applies_of(source: SourceFile) -> Applies:
    """Return where a pack says that it holds, reading its head only.

    A pack that says so further down, or cannot be read, is taken to hold everywhere: its rules
    are then read, and answer for themselves.
    """
    end = _BODY.search(source.text)
    head = source.text[: end.start()] if end else source.text
    try:
        data = read_yaml(SourceFile(source.name, head)).data
    except CheckerError:
        return Applies()
    return applies_from(data) if isinstance(data, dict) else Applies()


def judges_posts_alone(source: SourceFile) -> bool:
    """Tell whether all that a shipped pack says is about posts; where it is not clear, it is not.

    That is read off the text: a pack that has nothing to say is not to cost its reading as YAML.
    """
    # Facts stand in every report, and words of a vocabulary count for other packs too.
    if "\nfacts:" in source.text or "kind: vocabulary" in source.text:
        return False
    rules = source.text.partition("\nrules:")[2]
    about_posts = rules.count("\n    scope: post\n")
    return about_posts > 0 and about_posts == rules.count("\n  - ") + rules.count("\n- ")


def without_examples(source: SourceFile) -> SourceFile:
    """Return a shipped pack with empty lines for its rules' examples, half of what is to be read.

    Places, and the digest of the file, stay as they are.
    """
    text = _EXAMPLES.sub(lambda found: "\n" * found[0].count("\n"), source.text)
    return SourceFile(source.name, text, source.raw)
