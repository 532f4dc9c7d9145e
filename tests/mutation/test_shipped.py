"""The examples of the shipped packs show and notice all that they can."""

from __future__ import annotations

import pytest

from checker import api_rules
from checker.loading.shipped import SETS
from tests.mutation.packs import RULES

PACKS = sorted(path.stem for path in RULES.glob("*.yaml") if path.stem != "words")
# Packs of the law and of the trade share definitions, so each folder is tried as a whole.
FOLDERS = sorted(folder for folder in SETS.values() if folder)


def test_every_pack_with_rules_is_tried() -> None:
    rules = api_rules.load_rules([RULES])
    assert {typed.pack.name for typed in rules.rules} == set(PACKS)
    for folder in FOLDERS:
        files = {path.stem for path in (RULES / folder).rglob("*.yaml")}
        assert files <= {pack.name for pack in api_rules.load_rules([RULES / folder]).packs}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_change_of_a_pack_of_the_law_or_the_trade_goes_unnoticed(folder: str) -> None:
    tested = api_rules.test_rules([RULES / folder], mutate=True)
    assert tested.failed == ()
    assert [(gap.owner, gap.side, gap.part) for gap in tested.coverage.gaps] == []
    assert tested.mutation is not None
    assert tested.mutation.made > 250
    assert [str(each.mutant.text) for each in tested.mutation.survivors] == []
    assert [each.equivalent.mutant for each in tested.mutation.unmatched] == []


def test_lint_finds_nothing_in_any_shipped_pack() -> None:
    assert api_rules.lint([RULES, *(RULES / folder for folder in FOLDERS)]) == []


@pytest.mark.parametrize("name", PACKS)
def test_no_change_of_a_handbook_pack_goes_unnoticed(name: str) -> None:
    tested = api_rules.test_rules([RULES / f"{name}.yaml"], mutate=True)
    assert tested.failed == ()
    assert [(gap.owner, gap.side, gap.part) for gap in tested.coverage.gaps] == []
    assert tested.mutation is not None
    assert tested.mutation.made > 5
    assert [str(each.mutant.text) for each in tested.mutation.survivors] == []
    assert [each.equivalent.mutant for each in tested.mutation.unmatched] == []


def test_equivalents_are_few_and_have_reasons() -> None:
    every = [RULES, *(RULES / folder for folder in FOLDERS)]
    listed = [
        (typed.rule.id, equivalent)
        for typed in api_rules.load_rules(every).rules
        for equivalent in typed.rule.equivalents
    ]
    assert len(listed) <= 13
    assert all(len(equivalent.because.split()) > 4 for _, equivalent in listed)
