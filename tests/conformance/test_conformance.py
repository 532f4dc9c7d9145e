"""Every case of the conformance suite, on every engine."""

from __future__ import annotations

from typing import Any

import pytest

from checker.language.errors import LanguageError
from checker.loading.validation import validate
from checker.model.diagnostics import Position
from tests.conformance.columns import Columns
from tests.conformance.engines import ENGINES, Case, Engine, all_cases, check, load

CASES = all_cases()
EVERY = (*ENGINES, Columns(specialised=False), Columns(specialised=True))
VALUES = [case for case in CASES if "value" in case.expected]
TEXTS = [case for case in CASES if "text" in case.expected]
ERRORS = [case for case in CASES if "error" in case.expected]


def same(got: Any, expected: Any) -> bool:
    """Compare plain values; numbers are equal as in the language, kinds are not mixed."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(
            same(got[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(got, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if isinstance(expected, int | float) and isinstance(got, int | float):
        return abs(got - expected) <= 1e-9 * max(1.0, abs(got), abs(expected))
    return bool(got == expected)


def test_the_suite_is_not_small() -> None:
    assert len(CASES) >= 300
    assert len({case.name for case in CASES}) == len(CASES), "two cases have one name"


@pytest.mark.parametrize("engine", EVERY, ids=lambda engine: engine.name)
@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_value(case: Case, engine: Engine) -> None:
    got = engine.value(case)
    assert same(got, case.expected["value"]), f"{case.source} is {got}"


@pytest.mark.parametrize("engine", EVERY, ids=lambda engine: engine.name)
@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_text(case: Case, engine: Engine) -> None:
    assert engine.text(case) == case.expected["text"]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.name)
def test_error(case: Case) -> None:
    expected = case.expected["error"]
    with pytest.raises(LanguageError) as caught:
        check(case, load(case))
    error = caught.value
    assert expected["message"] in f"{error.message}; {error.note}"
    assert error.start == expected["at"], f"{case.source}: {error.message} at {error.start}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_records_are_valid(case: Case) -> None:
    parts = {kind: data for kind, data in case.records.items() if kind != "shortlist"}
    wrong = [each for kind, data in parts.items() for each in _wrong(kind, data)]
    for deal in case.records.get("shortlist", ()):
        wrong += _wrong("deal", {key: value for key, value in deal.items() if key != "influencer"})
        wrong += _wrong("influencer", deal.get("influencer", {}))
    # What a word of nothing means is defined, though records that have one are refused.
    assert not [each for each in wrong if not each.endswith("which says nothing")]


def _wrong(kind: str, data: Any) -> list[str]:
    found = validate(kind, data, lambda path: Position(kind), partial=True)
    return [each.message for each in found]
