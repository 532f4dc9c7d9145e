"""One of two compiled values, by a condition."""

from __future__ import annotations

from dataclasses import dataclass

from checker.bulk.compile import numbers
from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.sql import (
    FALSE,
    NO_DATE,
    NO_FLAG,
    NO_NUMBER,
    NO_TEXT,
    TRUE,
    Columns,
    cases,
    negated,
    surely,
    unknown,
)
from checker.bulk.compile.texts import (
    Words,
    as_day,
    as_text,
    as_truth,
    equal_texts,
    key_of,
    plain_of,
)
from checker.bulk.compile.values import (
    Day,
    Known,
    LabelWord,
    Number,
    Truth,
    Val,
    Word,
)
from checker.language.context import Context
from checker.model.types import (
    DateType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    TextType,
    Type,
)


@dataclass(frozen=True, slots=True, eq=False)
class Tools:
    """What every part of the compiler uses."""

    columns: Columns
    words: Words
    context: Context

    def equal(self, a: Val, b: Val) -> str:
        """Return whether two values of one type are equal."""
        if isinstance(a, Known) and isinstance(b, Known):
            from checker.bulk.compile.sql import flag_of
            from checker.bulk.meaning.functions import equal
            from checker.model.values import UNKNOWN

            same = equal(a.value, b.value)
            return flag_of(None if same is UNKNOWN else bool(same))
        kind = (
            b
            if isinstance(a, Known) or not isinstance(a, Number | Day | Word | LabelWord | Truth)
            else a
        )
        match kind:
            case Number():
                return numbers.compare(
                    self.columns, "==", numbers.as_number(a), numbers.as_number(b)
                )
            case Day():
                return f"({as_day(a)} = {as_day(b)})"
            case Truth():
                return f"({as_truth(a).sql} = {as_truth(b).sql})"
        return self._equal_picks(a, b)

    def _equal_picks(self, a: Val, b: Val) -> str:
        from datetime import date

        from checker.bulk.compile.values import Pick
        from checker.model.values import UNKNOWN, Range

        for value in (a, b):
            if isinstance(value, Pick):
                sample = next((each for each in value.values if each is not UNKNOWN), None)
                if isinstance(sample, float | Range):
                    return numbers.compare(
                        self.columns, "==", numbers.as_number(a), numbers.as_number(b)
                    )
                if isinstance(sample, date):
                    return f"({as_day(a)} = {as_day(b)})"
                if isinstance(sample, bool):
                    return f"({as_truth(a).sql} = {as_truth(b).sql})"
        return equal_texts(self.words, a, b)


def choose(tools: Tools, test: str, then: Val, otherwise: Val, type_: Type) -> Val:
    """Return one of two values by a condition that is never unknown."""
    return conditional(tools, Truth(test, settled=True), then, otherwise, type_)


def only_if(tools: Tools, test: str, value: Val, type_: Type) -> Val:
    """Return a value where a condition is true, else unknown."""
    from checker.bulk.compile.values import NOTHING

    return value if test == TRUE else choose(tools, surely(test), value, NOTHING, type_)


def conditional(tools: Tools, test: Truth, then: Val, otherwise: Val, type_: Type) -> Val:
    """Return one of two values; where the test is unknown, what both have in common.

    Raises:
        CannotCompileError: values of this type have no choice in SQL.
    """
    if test.sql in (TRUE, FALSE):
        return then if test.sql == TRUE else otherwise
    test = Truth(tools.columns.share(test.sql), test.settled)
    match type_:
        case NumberType() | MoneyType():
            return _number(tools, test, numbers.as_number(then), numbers.as_number(otherwise))
        case FlagType():
            a, b = as_truth(then), as_truth(otherwise)
            made = _branches(test, a.sql, b.sql, f"({a.sql} = {b.sql})", NO_FLAG)
            return Truth(tools.columns.share(made), test.settled and a.settled and b.settled)
        case DateType():
            day, other = as_day(then), as_day(otherwise)
            made = _branches(test, day, other, f"({day} = {other})", NO_DATE)
            return Day(tools.columns.share(made))
        case TextType():
            return _text(tools, test, then, otherwise, type_)
        case ListType(item=TextType() as item):
            from checker.bulk.compile.lists import list_choice

            return list_choice(tools, test, then, otherwise, item)
    raise CannotCompileError("a choice between lists, records or distributions")


def _branches(test: Truth, then: str, otherwise: str, same: str, empty: str) -> str:
    if test.settled:
        return cases([(test.sql, then)], otherwise)
    return cases([(test.sql, then), (negated(test.sql), otherwise), (same, then)], empty)


def _number(tools: Tools, test: Truth, a: Number, b: Number) -> Number:
    # An unknown side bounds nothing: its literal says 0 to 0.
    real = [each for each in (a, b) if each.low != NO_NUMBER] or [a]
    least, most = min(each.least for each in real), max(each.most for each in real)
    a, b = numbers.share(tools.columns, a), numbers.share(tools.columns, b)
    if test.settled:
        low = cases([(test.sql, a.low)], b.low)
        high = low if a.exact and b.exact else cases([(test.sql, a.high)], b.high)
        sure = a.sure and b.sure
        return numbers.share(tools.columns, Number(low, high, least, most, sure))
    hull_low, hull_high = (
        (NO_NUMBER, NO_NUMBER)
        if len(real) < 2 or NO_NUMBER in (a.low, b.low)
        else numbers.hull(a, b)
    )
    low = cases([(test.sql, a.low), (negated(test.sql), b.low)], hull_low)
    high = cases([(test.sql, a.high), (negated(test.sql), b.high)], hull_high)
    return numbers.bounded(tools.columns, low, high, least, most)


def _text(tools: Tools, test: Truth, then: Val, otherwise: Val, type_: TextType) -> Val:
    columns, words = tools.columns, tools.words
    a, b = columns.share(as_text(then)), columns.share(as_text(otherwise))
    if type_.kind != "label":
        return Word(columns.share(_branches(test, a, b, f"({a} = {b})", NO_TEXT)))
    a_key, b_key = columns.share(key_of(words, then)), columns.share(key_of(words, otherwise))
    same = f"({a_key} = {b_key})"
    a_plain, b_plain = plain_of(words, then), plain_of(words, otherwise)
    made, key, plain = (
        columns.share(_branches(test, x, y, same, NO_TEXT))
        for x, y in ((a, b), (a_key, b_key), (a_plain, b_plain))
    )
    return LabelWord(made, type_.vocabulary, key, plain)


def settled_number(number: Number) -> str:
    """Return whether a number is known exactly."""
    if number.exact:
        return negated(unknown(number.low))
    return f"coalesce({number.low} = {number.high}, false)"
