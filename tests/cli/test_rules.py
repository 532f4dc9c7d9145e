from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import Result

from checker.model.diagnostics import Diagnostic, Position
from checker.model.rules import Example, Pack, Param, Rule, SourceText
from tests.cli.conftest import FakeApi
from tests.reporting.fakes import HANDBOOK, OURS

Run = Callable[..., Result]
FILE = "rules/alignment.yaml"


def text(words: str) -> SourceText:
    return SourceText(words, lambda offset: Position(FILE, 1, offset + 1), lambda line: "")


RULE = Rule(
    id="audience-age",
    title="The audience is the age that the brand targets",
    scope="influencer",
    severity="error",
    source=HANDBOOK,
    require=text("share >= params.minimum"),
    position=Position(FILE, 15, 5),
    when=text("exists(brief.target.age)"),
    let={"share": text("share_aged(influencer.audience.age, brief.target.age)")},
    params={"minimum": Param("minimum", 0.5, OURS, Position(FILE, 20, 7), default=0.5)},
    fail_text=text("only {share:percent}"),
    fix="Shortlist a closer audience.",
    examples=(
        Example("pass", "half", {}, "", Position(FILE, 30), lambda path: Position(FILE, 30)),
        Example("fail", "a third", {}, "", Position(FILE, 31), lambda path: Position(FILE, 31)),
    ),
)
PACK = Pack("alignment", "1.0.0", "Alignment with the brand", Position(FILE), "sha256:1f")


@pytest.fixture(autouse=True)
def loaded(api: FakeApi) -> None:
    api.rules = [
        SimpleNamespace(rule=RULE, pack=PACK),
        SimpleNamespace(rule=replace(RULE, id="growth", severity="note"), pack=PACK),
    ]


def test_catalogue(run: Run) -> None:
    assert run("rules").stdout == (
        "alignment 1.0.0  Alignment with the brand\n"
        "  audience-age  error    influencer  The audience is the age that the brand\n"
        "                                     targets\n"
        "  growth        note     influencer  The audience is the age that the brand\n"
        "                                     targets\n"
        "\n"
        "1 pack, 2 rules\n"
        "One in full: checker explain RULE\n"
    )


def test_rules_for_a_brief(api: FakeApi, run: Run) -> None:
    api.applies = [
        ("audience-age", "yes", "the brief names a target age"),
        ("growth", "no", "switched off in checker.yaml"),
    ]
    assert run("rules", "--for", "spring").stdout == (
        "yes      audience-age  the brief names a target age\n"
        "no       growth        switched off in checker.yaml\n"
        "\n"
        "2 rules: 1 yes, 1 no\n"
    )
    assert run("rules", "ours.yaml", "--for", "spring").exit_code == 2


def test_lint_counts_what_is_clean(run: Run) -> None:
    result = run("lint")
    assert (result.exit_code, result.stdout) == (0, "1 pack, 2 rules: no error\n")


def test_lint_shows_all_errors(api: FakeApi, run: Run) -> None:
    api.found = [
        Diagnostic("x", 'an influencer has no "audiance"', Position(FILE, 22, 25)),
        Diagnostic("y", "no examples", Position(FILE, 30), "warning"),
    ]
    result = run("lint", FILE)
    assert result.exit_code == 2
    assert result.stdout == (
        f'{FILE}:22:25: error: an influencer has no "audiance"\n{FILE}:30: warning: no examples\n'
    )
    assert result.stderr == "1 error, 1 warning\n"


def test_a_warning_does_not_fail_lint(api: FakeApi, run: Run) -> None:
    api.found = [Diagnostic("y", "no examples", Position(FILE, 30), "warning")]
    result = run("lint")
    assert result.exit_code == 0
    assert result.stdout.endswith("1 pack, 2 rules: no error, 1 warning\n")


def result_of(expect: str, got: str) -> SimpleNamespace:
    return SimpleNamespace(
        rule="audience-age",
        expect=expect,
        got=got,
        reason="52% of the audience is 18–34",
        why="half of the audience",
        position=Position(FILE, 41, 9),
        ok=expect == got,
    )


def test_examples_as_expected(api: FakeApi, run: Run) -> None:
    api.examples = [result_of("pass", "pass"), result_of("fail", "fail")]
    result = run("test")
    assert (result.exit_code, result.stdout) == (
        0,
        "2 examples of 1 rule: all as expected\n6 outcomes and sides of conditions: all shown\n",
    )


def test_examples_that_come_out_otherwise(api: FakeApi, run: Run) -> None:
    api.examples = [result_of("pass", "pass"), result_of("fail", "pass")]
    result = run("test")
    assert result.exit_code == 1
    assert result.stdout == (
        f"{FILE}:41:9: audience-age: expected fail, got pass\n"
        "  example  half of the audience\n"
        "  reason   52% of the audience is 18–34\n"
        "\n"
        "2 examples of 1 rule: 1 not as expected\n"
        "6 outcomes and sides of conditions: all shown\n"
    )


def test_no_examples_is_not_clean(run: Run) -> None:
    result = run("test")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "nothing was tested" in result.stderr
