"""Definitions that no rule calls are looked at all the same."""

from __future__ import annotations

import pytest

from tests.lint.build import lint_of


@pytest.mark.parametrize(
    ("head", "body", "code", "message"),
    [
        (
            "reach()",
            "influencer.audiance.credibility",
            "unknown-field",
            'an influencer has no "audiance"',
        ),
        ("reach()", "influencer.followers > 'many'", "type", "makes no sense"),
        ("reach(person)", "persn.followers", "unknown-name", 'nothing here is called "persn"'),
        (
            "reach(person)",
            "mni(person.followers, 5)",
            "unknown-name",
            'called "mni"',
        ),
    ],
)
def test_an_uncalled_definition_is_checked(head: str, body: str, code: str, message: str) -> None:
    first, second = lint_of({"definitions": {head: body}})
    assert {first.code, second.code} == {"unused-definition", code}
    wrong = first if first.code == code else second
    assert message in wrong.message
    assert wrong.severity == "error"
    assert wrong.position.line


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("reach()", "influencer.audience.credibility"),
        ("reach(people)", "sum(one.followers for one in people if one.followers > 0)"),
        ("reach(deals)", "count(one for one in shortlist) + count(deals)"),
    ],
)
def test_one_that_is_in_order_is_only_unused(head: str, body: str) -> None:
    assert [each.code for each in lint_of({"definitions": {head: body}})] == ["unused-definition"]
