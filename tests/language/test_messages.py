"""What people read when a condition is wrong: the sentence, its place and the correction."""

from __future__ import annotations

import pytest

from checker.engine.ruleset import build_rules
from checker.language.check import check_expression
from checker.language.errors import LanguageError
from checker.language.scan import scan
from checker.language.scope import ROOTS, DefinitionText, Scope, Slots
from checker.language.show import show
from checker.loading.pack_file import parse_pack
from checker.loading.source import SourceFile
from checker.loading.validation import SHIPPED
from checker.model.diagnostics import Diagnostic, RulesError
from checker.model.types import RecordType

PACK = """\
pack: ours
version: 1.0.0
title: Our rules
rules:
  - id: one
    title: A rule
    scope: influencer
    severity: error
    source: ours
    params:
      minimum: {{default: 0.5, source: ours}}
    let:
      share: influencer.audience.credibility
    require: {require}
    fail: only {{share:percent}}
"""


def diagnose(require: str) -> Diagnostic:
    """Return the one diagnostic of a rule with this condition."""
    source = SourceFile("rules/ours.yaml", PACK.format(require=require))
    with pytest.raises(RulesError) as caught:
        build_rules([parse_pack(source)], SHIPPED.types)
    (found,) = caught.value.diagnostics
    return found


def test_a_field_that_does_not_exist() -> None:
    found = diagnose("influencer.audiance.credibility >= 0.75")
    assert str(found.position) == "rules/ours.yaml:14:25"
    assert found.message == 'an influencer has no "audiance"'
    assert found.excerpt is not None
    assert found.excerpt.text == "    require: influencer.audiance.credibility >= 0.75"
    assert (found.excerpt.start, found.excerpt.length) == (24, len("audiance"))
    assert found.excerpt.note == 'did you mean "audience"?'


def test_a_percent_sign() -> None:
    found = diagnose("share >= 50%")
    assert str(found.position) == "rules/ours.yaml:14:23"
    assert found.message == "a condition has no percent sign"
    assert found.excerpt is not None and found.excerpt.note == "write 0.5"


def test_a_folded_condition_is_marked_on_its_own_line() -> None:
    found = diagnose(">-\n      share >= params.minimum and\n      influencer.folowers > 1")
    assert str(found.position) == "rules/ours.yaml:16:18"
    assert found.excerpt is not None and found.excerpt.note == 'did you mean "followers"?'


def test_a_param_that_does_not_exist() -> None:
    found = diagnose("share >= params.minimun")
    assert found.excerpt is not None and found.excerpt.note == 'did you mean "minimum"?'


def test_a_condition_that_is_a_number() -> None:
    assert diagnose("share").message == "a condition is true or false; this is a share"


def test_a_broken_let_is_said_once() -> None:
    text = PACK.format(require="share > 0.5").replace("audience.credibility", "audience.credibilty")
    with pytest.raises(RulesError) as caught:
        build_rules([parse_pack(SourceFile("rules/ours.yaml", text))], SHIPPED.types)
    assert len(caught.value.diagnostics) == 1


# The look before parsing

HABITS = {
    "a = b": ("=", "write == for equal"),
    "a && b": ("&&", "write and"),
    "a || b": ("||", "write or"),
    "!a": ("!", "write not"),
    "a >= 50%": ("50%", "write 0.5"),
    "a >= 12.5%": ("12.5%", "write 0.125"),
    "a >= 1_0%": ("1_0%", "write 0.1"),
    "a ≥ b": ("≥", "write >="),
    "a ≤ b": ("≤", "write <="),
    "a == “x”": ("“", "write a straight quote"),
    "a AND b": ("AND", "write and"),
    "a Or b": ("Or", "write or"),
    "a > 10,000": ("10,000", "write 10_000"),
    "a > 0,5": ("0,5", "write 0.5"),
    "a > 12k": ("12k", "write 12_000"),
    "a > £5": ("£5", "write money(1000, 'GBP')"),
    "a > 10 000": ("10 000", "write 10_000"),
    "a > 2026-01-31": ("2026-01-31", "write '2026-01-31'"),
    "a contains 'b c'": ("contains", "write 'b c' in a"),
    "a between 1 and 2": ("between", "write 1 <= a <= 2"),
    "a # why": ("#", "write it on a line of its own"),
    "a == 'it\\'s'": ("\\", "write the character itself"),
    "(a": ("(", "close it"),
    "a]": ("]", "drop it"),
    "a == 'b": ("'", "close it"),
    'a == "b': ('"', "close it"),
}


@pytest.mark.parametrize("text", HABITS)
def test_a_habit_gets_its_correction(text: str) -> None:
    marked, note = HABITS[text]
    with pytest.raises(LanguageError) as caught:
        scan(text)
    assert text[caught.value.start : caught.value.end] == marked
    assert note in caught.value.note


FINE = (
    "a == b",
    "a != b",
    "a <= b >= c",
    "a == 'x = y && 50% ≥ “ AND 10,000 12k £5 # !'",
    'a == "it\'s (fine"',
    "max(1, 2)",
    "max(1,2)",
    "[1, 2]",
    "orders.android.notes",
    "a in b",
    "10_000 <= a < 100_000",
    "a\n and b",
    "contains and b or not between and between in contains",
    "a if contains else between",
    "a.contains == b.between",
    "1 if a in b else 2026 - 12",
)


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_is_left_alone(text: str) -> None:
    scan(text)


def test_the_first_mistake_is_said() -> None:
    with pytest.raises(LanguageError) as caught:
        scan("a && b = 50%")
    assert caught.value.start == 2


# Size and depth

INFLUENCER = ROOTS["influencer"]


def scope(definitions: dict[str, str] | None = None) -> Scope:
    """Return a scope with definitions of one argument, x."""
    made = {name: DefinitionText(name, ("x",), text) for name, text in (definitions or {}).items()}
    return Scope(SHIPPED.types, INFLUENCER, RecordType("params"), {}, made)


def refusal(text: str, definitions: dict[str, str] | None = None) -> str:
    """Return why an expression is refused."""
    with pytest.raises(LanguageError) as caught:
        check_expression(text, scope(definitions), Slots())
    return caught.value.message


def test_a_long_expression_is_refused() -> None:
    assert "characters" in refusal("true and " * 500 + "true")


def test_a_deep_expression_is_refused() -> None:
    assert refusal("not " * 60 + "true") == "the expression is nested too deeply"


def test_definitions_that_grow_are_refused() -> None:
    definitions = {f"f{n}": f"f{n + 1}(x) + f{n + 1}(x)" for n in range(30)} | {"f30": "x"}
    assert "too large" in refusal("f0(1) > 1", definitions)


def test_definitions_that_nest_are_refused() -> None:
    definitions = {f"f{n}": "abs(" * 15 + f"f{n + 1}(x)" + ")" * 15 for n in range(30)}
    assert "nested too deeply" in refusal("f0(1) > 1", definitions | {"f30": "x"})


def test_definitions_that_call_each_other_are_refused() -> None:
    assert "calls itself" in refusal("f(1) > 1", {"f": "g(x)", "g": "f(x)"})


# Expressions shown


@pytest.mark.parametrize(
    "text",
    [
        "influencer.followers >= 10_000",
        "influencer.sponsored_share <= 0.125",
        'influencer.handle == "it\'s"',
        "influencer.accepts_gifts == true",
        "influencer.country not in ['GB', 'IE']",
        "not (influencer.accepts_gifts or exists(deal.fee))",
        "(influencer.followers + 1) * 2 > -5",
        "any([(x.count > 1) for x in deal.deliverables if (x.count > 0)])",
        "default(deal.fee, money(300, 'GBP')) > 0",
    ],
)
def test_an_expression_is_shown_as_it_is_written(text: str) -> None:
    shown = show(check_expression(text, scope(), Slots()))
    assert shown.replace("(", "").replace(")", "") == text.replace("(", "").replace(")", "")
