"""The conformance cases of one influencer, compiled to DuckDB's SQL: none is refused."""

from __future__ import annotations

import pytest

from checker.model.types import DistributionType
from tests.conformance.duck import DuckDB
from tests.conformance.engines import Case, all_cases, check, load, nodes_of
from tests.conformance.test_conformance import same

CASES = [case for case in all_cases() if case.scope == "influencer"]
# A distribution is asked for shares; it is no value that a query gives.
VALUES = [
    case
    for case in CASES
    if "value" in case.expected
    and not isinstance(nodes_of(check(case, load(case)))[0].type, DistributionType)
]
TEXTS = [case for case in CASES if "text" in case.expected]


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_value(case: Case) -> None:
    got = DuckDB().value(case)
    assert same(got, case.expected["value"]), f"{case.source} is {got}"


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_text(case: Case) -> None:
    assert DuckDB().text(case) == case.expected["text"]


def test_little_is_left_to_the_evaluator() -> None:
    engine = DuckDB()
    for case in TEXTS:
        engine.text(case)
    ascii_only = [case for case in VALUES if str(case.records.get("influencer", "")).isascii()]
    for case in ascii_only:
        engine.value(case)
    # A band of ages that no vendor exports; values that digits must tell apart; a distribution.
    assert len(engine.left) <= 12, sorted(engine.left)
