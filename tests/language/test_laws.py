"""The laws of the language, on random expressions and records.

A seed makes an expression and its records; a failing seed repeats them.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from math import inf, isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checker.language.check import check_expression
from checker.language.columns.domain import COLUMNS
from checker.language.columns.lifting import lift, value_at
from checker.language.errors import LanguageError
from checker.language.format import write, write_alike
from checker.language.operators import comparisons, fast, lists, numbers, truths
from checker.language.operators.scalars import SCALARS, Number, bounds, number
from checker.language.parse import parse
from checker.language.scope import ROOTS, Scope, Slots
from checker.language.show import show
from checker.language.suggest import distance, nearest
from checker.language.templates import check_template, render
from checker.language.text import canonical, unseen
from checker.loading.validation import SHIPPED
from checker.model.types import NumberType, RecordType
from checker.model.values import UNKNOWN, Distribution, Items, Label, Range, Unknown
from tests.conformance.engines import ENGINES, Plain, check, load
from tests.language.columns_fuzz import differences
from tests.language.generate import Maker, case, coarsened, records

# For laws of which one example runs many expressions.
FEWER = settings(max_examples=max(1, settings().max_examples // 3))
SEEDS = st.integers(0, 2**32 - 1)
DEPTHS = st.integers(1, 3)
TYPES = ("flag", "number", "money", "date", "label", "code", "labels", "codes")
PLAIN = Plain()

COMPARISONS = {
    sign: fast.comparison(sign, NumberType()) for sign in ("<", "<=", ">", ">=", "==", "!=")
}

finite = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))
ends = st.one_of(finite, st.just(-inf), st.just(inf))


@st.composite
def amounts(draw: st.DrawFn) -> Number:
    """Make a number or a range, open at one end at most."""
    low, high = sorted((draw(ends), draw(ends)))
    made = number(low, high)
    assume(not isinstance(made, Unknown))
    assert not isinstance(made, Unknown)
    return made


@st.composite
def member(draw: st.DrawFn, value: Number) -> float:
    """Choose a number that a number or range may be."""
    low, high = bounds(value)
    low, high = max(low, -1e9), min(high, 1e9)
    return draw(st.floats(min(low, high), max(low, high), allow_nan=False))


# Operators on numbers


@pytest.mark.parametrize("operate", [fast.ARITHMETIC["+"], fast.ARITHMETIC["*"]], ids=["+", "*"])
@given(a=amounts(), b=amounts())
def test_operands_commute(operate: Callable[..., Any], a: Any, b: Any) -> None:
    assert operate(a, b) == operate(b, a)


@given(a=amounts(), b=amounts())
def test_comparisons_mirror(a: Any, b: Any) -> None:
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
    for operator, other in mirrored.items():
        assert COMPARISONS[operator](a, b) is COMPARISONS[other](b, a)


@given(a=amounts(), b=amounts())
def test_comparisons_have_opposites(a: Any, b: Any) -> None:
    for operator, other in (("<", ">="), (">", "<="), ("==", "!=")):
        assert COMPARISONS[operator](a, b) is truths.negation(SCALARS, COMPARISONS[other](a, b))


@given(a=amounts(), b=amounts())
def test_least_and_largest_commute(a: Any, b: Any) -> None:
    assert numbers.smallest(SCALARS, a, b) == numbers.smallest(SCALARS, b, a)
    assert numbers.largest(SCALARS, a, b) == numbers.largest(SCALARS, b, a)
    assert numbers.hull(SCALARS, a, b) == numbers.hull(SCALARS, b, a)


@given(a=finite, b=finite)
def test_short_ways_give_what_the_definitions_give(a: float, b: float) -> None:
    for sign, meaning in numbers.ARITHMETIC.items():
        assert fast.ARITHMETIC[sign](a, b) == meaning(SCALARS, a, b)
    for sign, compare in COMPARISONS.items():
        assert compare(a, b) is comparisons.COMPARISONS[sign].meaning(SCALARS, a, b)
    for values in ((a,), (b, a), (UNKNOWN, b), (b, UNKNOWN, a), ()):
        slow = lists.contains(SCALARS, a, values, numbers=True)
        assert fast.contains(a, values, exact=False) is slow


@given(
    st.lists(
        st.tuples(st.one_of(st.just(UNKNOWN), amounts()), st.one_of(st.just(UNKNOWN), amounts())),
        min_size=1,
    )
)
def test_columns_mean_what_single_values_mean(pairs: list[tuple[Any, Any]]) -> None:
    left, right = (lift(side, NumberType()) for side in zip(*pairs, strict=True))
    compare = [each.meaning for each in comparisons.COMPARISONS.values()]
    for meaning in (*numbers.ARITHMETIC.values(), *compare, numbers.hull):
        with np.errstate(all="ignore"):
            made = meaning(COLUMNS, left, right)
        alone = [meaning(SCALARS, a, b) for a, b in pairs]
        assert [value_at(made, row) for row in range(len(pairs))] == alone


def within(value: float, made: Any) -> bool:
    """Tell whether a result may be `value`; what is unknown may be anything."""
    return made is UNKNOWN or bounds(made)[0] <= value <= bounds(made)[1]


@pytest.mark.parametrize("sign", "+-*/")
@given(data=st.data(), a=amounts(), b=amounts())
def test_a_range_contains_the_result_of_each_member(
    sign: str, data: st.DataObject, a: Any, b: Any
) -> None:
    x, y = data.draw(member(a)), data.draw(member(b))
    operate = fast.ARITHMETIC[sign]
    single = operate(x, y)
    if single is not UNKNOWN:
        assert isinstance(single, float)
        assert within(single, operate(a, b))


@given(data=st.data(), a=amounts(), b=amounts())
def test_a_comparison_holds_for_each_member(data: st.DataObject, a: Any, b: Any) -> None:
    x, y = data.draw(member(a)), data.draw(member(b))
    for compare in COMPARISONS.values():
        settled = compare(a, b)
        assert settled is UNKNOWN or settled is compare(x, y)


@given(data=st.data(), a=amounts())
def test_the_other_functions_contain_their_members(data: st.DataObject, a: Any) -> None:
    x = data.draw(member(a))
    assert within(abs(x), numbers.absolute(SCALARS, a))
    assert within(-x, numbers.negate(SCALARS, a))


@given(a=finite, b=finite)
def test_exactly_one_of_less_equal_greater_holds(a: float, b: float) -> None:
    assert [COMPARISONS[sign](a, b) for sign in ("<", "==", ">")].count(True) == 1


@given(amounts())
def test_negation_undoes_itself(a: Any) -> None:
    assert numbers.negate(SCALARS, numbers.negate(SCALARS, a)) == a


# Whole expressions


def made(
    seed: int, depth: int, types: tuple[str, ...] = TYPES, *, asks: bool = True
) -> tuple[Any, ...]:
    """Make an expression and records that know it all, less, and less still."""
    rng = random.Random(seed)
    expression = Maker(rng, asks=asks).make(rng.choice(types), depth)
    full = records(rng)
    part = coarsened(rng, full, rng.choice([0.05, 0.15, 0.3]))
    return expression, full, part, coarsened(rng, part)


@given(SEEDS, DEPTHS)
def test_every_way_of_running_agrees(seed: int, depth: int) -> None:
    expression, _, part, _ = made(seed, depth)
    plain, *others = [repr(engine.value(case(expression, part))) for engine in ENGINES]
    assert others == [plain] * len(others), expression


def contains(coarse: Any, fine: Any) -> bool:
    """Tell whether what is known of less is true of more."""
    if coarse == "unknown":
        return True
    if isinstance(coarse, bool) or isinstance(fine, bool):
        return coarse is fine
    if isinstance(coarse, list):
        # Of a list only the sure members are promised, and that there are no others.
        return isinstance(fine, list)
    if isinstance(coarse, str) or fine == "unknown":
        words = {"cosmetics": "beauty"}
        return bool(words.get(coarse, coarse) == words.get(fine, fine))
    (low, high), (a, b) = _ends(coarse), _ends(fine)
    return _at_most(low, a) and _at_most(b, high)


def _ends(value: Any) -> tuple[float, float]:
    if isinstance(value, dict):
        return value.get("min", -inf), value.get("max", inf)
    return value, value


def _at_most(a: float, b: float) -> bool:
    near = isfinite(a) and isfinite(b) and abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))
    return bool(a <= b or near)


@given(SEEDS, DEPTHS)
def test_knowing_more_settles_and_never_turns(seed: int, depth: int) -> None:
    expression, full, part, less = made(seed, depth, asks=False)
    values = [PLAIN.value(case(expression, data)) for data in (less, part, full)]
    assert contains(values[0], values[1]), (expression, values)
    assert contains(values[1], values[2]), (expression, values)
    assert contains(values[0], values[2]), (expression, values)


@FEWER
@given(SEEDS, DEPTHS)
def test_conditions_commute(seed: int, depth: int) -> None:
    rng = random.Random(seed)
    maker = Maker(rng)
    a, b = maker.flag(depth), maker.flag(depth)
    data = coarsened(rng, records(rng), 0.2)

    def value(text: str) -> Any:
        return PLAIN.value(case(text, data))

    assert value(f"{a} and {b}") == value(f"{b} and {a}")
    assert value(f"{a} or {b}") == value(f"{b} or {a}")
    assert value(f"not not {a}") == value(a)
    assert value(f"not ({a} and {b})") == value(f"not {a} or not {b}")
    assert value(f"{a} == {b}") == value(f"{b} == {a}")


@FEWER
@given(SEEDS, DEPTHS)
def test_lists_agree_with_their_parts(seed: int, depth: int) -> None:
    rng = random.Random(seed)
    maker = Maker(rng)
    a, b = maker.flag(depth), maker.flag(depth)
    x, y = maker.number(depth), maker.number(depth)
    data = coarsened(rng, records(rng), 0.2)

    def value(text: str) -> Any:
        return PLAIN.value(case(text, data))

    assert value(f"all([{a}, {b}])") == value(f"{a} and {b}")
    assert value(f"any([{a}, {b}])") == value(f"{a} or {b}")
    assert value(f"min([{x}, {y}])") == value(f"min({x}, {y})")
    assert value(f"{x} in [{y}]") == value(f"{x} == {y}")
    assert value(f"{x} not in [{y}, {y}]") == value(f"{x} != {y}")


@FEWER
@given(SEEDS, DEPTHS)
def test_an_expression_shown_means_the_same(seed: int, depth: int) -> None:
    expression, _, part, _ = made(seed, depth)
    this = case(expression, part)
    node = check(this, load(this))
    assert not isinstance(node, tuple)
    shown = show(node)
    assert PLAIN.value(case(shown, part)) == PLAIN.value(this), (expression, shown)
    again = case(shown, part)
    other = check(again, load(again))
    assert not isinstance(other, tuple)
    assert show(other) == shown


@FEWER
@given(SEEDS)
def test_columns_mean_what_one_record_means(seed: int) -> None:
    _, different = differences(seed)
    assert not different


# Distributions


@given(SEEDS)
def test_shares_of_all_keys_are_never_over_1(seed: int) -> None:
    rng = random.Random(seed)
    data = coarsened(rng, records(rng), 0.3)
    for expression in (
        "share(influencer.audience.gender, ['female', 'male', 'other'])",
        "share_aged(influencer.audience.age, params.adult)",
        "share_of_known_ages(influencer.audience.age, params.young)",
        "share(influencer.observed, ['hair', 'beauty', 'cars'])",
    ):
        value = PLAIN.value(case(expression, data))
        low, high = (0, 1) if value == "unknown" else _ends(value)
        assert 0 <= low <= high <= 1


# What may not crash


def scope() -> Scope:
    """Return a scope without tables and definitions."""
    return Scope(SHIPPED.types, ROOTS["influencer"], RecordType("params"), {}, {})


WORDS = st.sampled_from(
    [
        "influencer",
        "deal",
        "brief",
        "params",
        "today",
        "tables",
        "followers",
        "topics",
        "audience",
        "age",
        "gender",
        "country",
        "fee",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "for",
        "x",
        "true",
        "false",
        "sum",
        "min",
        "max",
        "count",
        "any",
        "all",
        "last",
        "exists",
        "default",
        "share",
        "share_aged",
        "share_of_known_ages",
        "money",
        "overlap",
        "duplicates",
        "days_between",
        "abs",
        "mean",
        "band",
        "lookup",
        "mentions",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "+",
        "-",
        "*",
        "/",
        "<",
        "<=",
        ">",
        ">=",
        "==",
        "!=",
        "=",
        "1",
        "0.5",
        "10_000",
        "'hair'",
        "'GB'",
        '"x"',
        "%",
        "#",
        "\\",
        "\n",
        "\r",
        "é",
        "≥",
        "“",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("influencer.topics()[]{}'\"<>=!+-*/ \n\r\f\t0123456789_,#\\é\U0001f600", max_size=60),
    st.lists(WORDS, max_size=14).map(" ".join),
    st.lists(WORDS, max_size=14).map("".join),
)


@given(TEXTS)
@example("a\r+ b")
@example("\ud800")
@example("true\x00")
@example("(" * 300 + "1" + ")" * 300)
@example("not " * 900 + "true")
@example("'\\ud800' == influencer.handle")
@example("[[['a']], [influencer.topics]]")
def test_any_text_is_refused_or_checked(text: str) -> None:
    try:
        parse(text)
        check_expression(text, scope(), Slots())
    except LanguageError as error:
        assert 0 <= error.start <= max(len(text), 1)
        assert error.start < error.end


@given(TEXTS)
def test_any_template_is_refused_or_checked(text: str) -> None:
    for template in (text, "{" + text + "}", "a {influencer.handle:" + text + "}"):
        try:
            check_template(template, lambda part: check_expression(part, scope(), Slots()))
        except LanguageError as error:
            assert 0 <= error.start <= max(len(template), 1)


@given(SEEDS, DEPTHS)
def test_expressions_of_the_wrong_types_are_refused_or_checked(seed: int, depth: int) -> None:
    rng = random.Random(seed)
    expression = Wrong(rng).make(rng.choice(TYPES), depth)
    this = case(expression, {})
    try:
        check(this, load(this))
    except LanguageError as error:
        assert 0 <= error.start < len(expression) or error.code == "DefinitionError"
        return
    assert [engine.value(this) for engine in ENGINES]


class Wrong(Maker):
    """Makes parts of any type where one type is due, now and then."""

    def make(self, type_: str, depth: int = 3) -> str:
        """Make an expression that may be of another type."""
        return super().make(self.rng.choice(TYPES), depth)

    def leaf(self, type_: str, *choices: str) -> str:
        """Return a leaf that may be of another type."""
        odd = (
            "influencer",
            "influencer.audience.age",
            "influencer.audience",
            "tables.tiers",
            "influencer.topics",
            "influencer.handle",
            "'x'",
            "[1]",
            "brief.target.age",
            "x0",
        )
        return self.pick(*odd) if self.rng.random() < 0.1 else super().leaf(type_, *choices)


VALUES = st.recursive(
    st.one_of(
        st.just(UNKNOWN),
        amounts(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.dates(),
        st.text(max_size=5),
        st.text(max_size=5).map(lambda text: Label(canonical(text), text)),
        st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=3).map(Distribution),
    ),
    lambda values: st.lists(values, max_size=3).map(
        lambda found: Items((*found, UNKNOWN), (*(True for _ in found), False))
    ),
    max_leaves=4,
)


@given(VALUES)
def test_any_value_is_written(value: Any) -> None:
    assert isinstance(write(value, "text"), str)


@given(st.lists(st.one_of(st.just(UNKNOWN), amounts()), min_size=1, max_size=3))
def test_numbers_are_written_apart_and_never_minus_0(values: list[Any]) -> None:
    for format_ in ("percent", "number", "money"):
        written = write_alike([(value, format_) for value in values], currency="GBP")
        for text in written:
            assert "-0" not in text.replace("-0.", "") and "inf" not in text and "nan" not in text
            assert text.strip("GBP% ") not in ("-0.0", "-0.00")
        numbers_ = [value for value in values if isinstance(value, float)]
        texts = [
            text for value, text in zip(values, written, strict=True) if isinstance(value, float)
        ]
        for x, text in zip(numbers_, texts, strict=True):
            for y, other in zip(numbers_, texts, strict=True):
                assert text != other or abs(x - y) < 0.02


@given(SEEDS, DEPTHS)
def test_templates_never_crash(seed: int, depth: int) -> None:
    expression, _, _, less = made(seed, depth, ("number", "money", "date", "label", "labels"))
    template = "{" + expression + "} of {" + expression + "}"
    this = case(template, less)
    loaded = load(this)
    parts = check_template(
        template, lambda text: check_expression(text, loaded.scope, loaded.slots)
    )
    value = PLAIN.run(loaded, [part.node for part in parts if not isinstance(part, str)])
    text = render(parts, value, currency="GBP")
    assert " of " in text and "UNKNOWN" not in text and "Range(" not in text


# Words


@given(st.text(max_size=12))
def test_the_canonical_form_is_its_own(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.text("aB -_\u200b\u200d\u2066\ufeff\ufe0fe\u0301\u00ad", max_size=8))
def test_characters_that_nobody_sees_do_not_count(text: str) -> None:
    seen = "".join(character for character in text if not unseen(character))
    assert canonical(text) == canonical(seen) == canonical(canonical(text))


@given(st.text("aB -_\u00ad\u2010é\u0301ﬁß\u0130", max_size=8))
def test_separators_and_case_do_not_count(text: str) -> None:
    assert canonical(text.replace("-", "_").replace(" ", "-")) == canonical(text)
    assert canonical(canonical(text).upper()) == canonical(canonical(text).upper().lower())


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_the_distance_of_words(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) is (a == b)
    assert nearest(a, [a, b])[:1] == ((a,) if a else nearest(a, [a, b])[:1])


def test_a_date_stays_a_date() -> None:
    assert write(datetime.date(2026, 3, 2), "date") == "2026-03-02"
    assert write(Range(1, inf), "number") == "1 or more"
