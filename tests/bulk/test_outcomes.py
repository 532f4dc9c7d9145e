"""The list of outcomes, made of the plain columns of queries and of what the evaluator judged."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from checker.bulk.outcomes import Outcomes, column

RULES = ("always", "sometimes", "never")


def test_columns_become_lists_in_the_order_of_the_rows() -> None:
    query = pa.table(
        {
            column("holds", 0): [True, False, None, True],
            column("low", 0): [1.0, 2.0, None, 4.0],
            column("needed", 0): pa.array([1, 2, 3, 4], pa.int32()),
            column("holds", 1): [True, True, False, None],
            column("applies", 1): [False, None, True, True],
            column("low", 1): [None, 5.0, 6.0, 7.0],
            column("high", 1): [None, 8.0, float("inf"), None],
            "reasons": [[f"{row}{rule}" for rule in "abc"] for row in range(4)],
        }
    )
    judged = [
        {
            "rule": rule,
            "status": "unknown",
            "low": 0.5,
            "high": None,
            "needed": None,
            "reason": rule,
        }
        for rule in RULES
    ]
    outcomes = Outcomes(RULES, 4, reasons=True)
    outcomes.fill(query, np.array([3, 1, 2]), np.array([0, 1, 3]), {column("needed", 1): 9.0})
    outcomes.fill_judged([judged], np.array([2]))
    made = outcomes.array()
    made.validate(full=True)
    last, second, by_hand, third = made.to_pylist()

    def skipped(reason: str) -> dict[str, object]:
        nothing = dict.fromkeys(("low", "high", "needed"))
        return {"rule": "never", "status": "skipped", **nothing, "reason": reason}

    def row(rule: str, status: str, *rest: object) -> dict[str, object]:
        names = ("low", "high", "needed", "reason")
        return {"rule": rule, "status": status, **dict(zip(names, rest, strict=True))}

    assert last == [
        row("always", "pass", 4.0, 4.0, 4.0, "3a"),
        row("sometimes", "unknown", 7.0, None, 9.0, "3b"),
        skipped("3c"),
    ]
    assert second[:2] == [
        row("always", "fail", 2.0, 2.0, 2.0, "1a"),
        row("sometimes", "unknown", None, None, None, "1b"),
    ]
    assert by_hand == judged
    assert third[:2] == [
        row("always", "unknown", None, None, 3.0, "2a"),
        row("sometimes", "fail", 6.0, float("inf"), 9.0, "2b"),
    ]


def test_a_rule_that_does_not_apply_to_a_row_is_skipped_there() -> None:
    query = pa.table({column("holds", 0): [True], column("applies", 0): [False]})
    outcomes = Outcomes(("one",), 1)
    outcomes.fill(query, np.array([0]), np.array([0]), {})
    nothing = {"low": None, "high": None, "needed": None}
    assert outcomes.array().to_pylist() == [[{"rule": "one", "status": "skipped", **nothing}]]


def test_hundreds_of_rules_have_their_names() -> None:
    rules = [f"rule-{place}" for place in range(300)]
    found = Outcomes(rules, 2).array().to_pylist()
    assert [[each["rule"] for each in row] for row in found] == [rules, rules]
