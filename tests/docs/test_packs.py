"""The rule packs that the docs show load, and their examples hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.engine.examples import run_examples
from checker.engine.ruleset import build_rules
from checker.loading.examples import check_example
from checker.loading.own_fields import united
from checker.loading.packs import load_packs
from checker.loading.validation import SHIPPED, RecordSchemas
from tests.docs.blocks import ROOT, Block, all_blocks
from tests.docs.page import read

PACKS = [
    block for block in all_blocks() if block.language == "yaml" and block.text.startswith("pack:")
]
# Shown because an example of it does not hold.
_WRONG = ("rules/wrong.yaml",)
RECIPES = ["Minimum share", "Maximum cost", "Required label", "Forbidden label", "Date window"]


def _schemas(block: Block) -> RecordSchemas:
    """Return the schemas with the extra fields of the `checker.yaml` shown for the same folder."""
    config = f"{Path(block.option('file')).parent.as_posix()}/checker.yaml"
    for other in all_blocks():
        if block.option("file") and other.path == block.path and other.option("file") == config:
            return RecordSchemas(read(other.text).get("extra"))
    return SHIPPED


def _file(block: Block, folder: Path) -> str:
    name = f"{read(block.text)['pack']}.yaml"
    (folder / name).write_text(block.text, encoding="utf-8")
    return name


@pytest.mark.parametrize("block", PACKS, ids=str)
def test_a_pack_loads_and_its_examples_hold(block: Block, tmp_path: Path) -> None:
    packs = load_packs([(_file(block, tmp_path), None)], root=tmp_path)
    schemas = RecordSchemas(united(_schemas(block).extra, packs))
    rules = build_rules(packs, schemas.types)
    for typed in rules.rules:
        for example in typed.rule.examples:
            assert not check_example(example, schemas)
    results = list(run_examples(rules))
    assert bool(results) == bool(rules.rules)  # A pack may hold words alone.
    missed = [f"{each.why}: {each.got}, {each.reason}" for each in results if not each.ok]
    assert bool(missed) == (block.option("file") in _WRONG), missed


@pytest.mark.parametrize("block", PACKS, ids=str)
def test_a_pack_shows_each_status(block: Block, tmp_path: Path) -> None:
    if block.option("file") in _WRONG:
        return
    (pack, *_) = load_packs([(_file(block, tmp_path), None)], root=tmp_path)
    for rule in pack.rules:
        assert {"pass", "fail", "unknown"} <= {example.expect for example in rule.examples}


def test_the_page_for_rule_authors_opens_with_the_recipes() -> None:
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    headings = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert headings[: len(RECIPES)] == RECIPES
    first = [block for block in PACKS if block.path.name == "rules.md"][: len(RECIPES)]
    assert all(block.option("file").startswith("rules/") for block in first)
