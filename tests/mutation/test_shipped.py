"""The examples of the handbook's packs show and notice all that they can."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import api_rules
from tests.mutation.packs import RULES

PACKS = sorted(path.stem for path in RULES.glob("*.yaml") if path.stem != "words")


def test_every_pack_with_rules_is_tried() -> None:
    rules = api_rules.load_rules([RULES])
    assert {typed.pack.name for typed in rules.rules} == set(PACKS)


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
    listed = [
        (typed.rule.id, equivalent)
        for typed in api_rules.load_rules([Path(RULES)]).rules
        for equivalent in typed.rule.equivalents
    ]
    assert len(listed) <= 12
    assert all(len(equivalent.because.split()) > 4 for _, equivalent in listed)
