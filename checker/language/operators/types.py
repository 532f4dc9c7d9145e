"""What each operator takes and gives: numbers, money, truths and lists."""

from __future__ import annotations

from dataclasses import replace

from checker.language import coerce
from checker.language.coerce import describe, fail
from checker.language.nodes import Call, Contains, Node
from checker.language.operators.numbers import ARITHMETIC
from checker.language.operators.scalars import SCALARS
from checker.language.show import show
from checker.model.types import (
    DateType,
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    TableType,
    TextType,
    Type,
)
from checker.model.values import Range


def member(node: Node) -> Node:
    """Return a node that may be a member of a list. Raises LanguageError where it may not."""
    if isinstance(node.type, ListType):
        fail(node, "a list has no lists inside", "ask each of them: count(x.topics) for x in list")
    if isinstance(node.type, TableType | DistributionType):
        fail(node, f"{describe(node.type)} is no member of a list")
    return node


def flag(node: Node) -> Node:
    """Return a node that is true or false. Raises LanguageError where it is neither."""
    if not isinstance(node.type, FlagType):
        fail(node, f"{describe(node.type)} is neither true nor false", "compare it with something")
    return node


def contains(item: Node, members: Node) -> Node:
    """Return `item in members`. Raises LanguageError where the two do not go together."""
    if not isinstance(members.type, ListType):
        note = "use d[key]" if isinstance(members.type, DistributionType) else ""
        fail(members, f"{describe(members.type)} is not a list", note)
    element = replace(members, type=members.type.item)
    (item, _), common = coerce.join_all((item, element), what="a list of")
    if not isinstance(common, TextType | NumberType | DateType | MoneyType):
        fail(item, f"{describe(common)} cannot be looked for in a list")
    members = coerce.to_type(members, ListType(common))
    return Contains(FlagType(), item.start, members.end, item, members)


def check_comparable(sign: str, left: Node, type_: Type) -> None:
    """Refuse a comparison that the type does not have. Raises LanguageError."""
    if isinstance(type_, TextType) and type_.kind == "literal":
        fail(left, "two texts of the rule are compared", "one side must come from a record")
    if isinstance(type_, NumberType | MoneyType | DateType):
        return
    if isinstance(type_, TextType | FlagType):
        if sign in ("==", "!="):
            return
        fail(left, f"{describe(type_)} has no order", "it compares with == and !=")
    fail(left, f"{describe(type_)} does not compare", coerce.remedy(type_, type_))


def check_share_bounds(left: Node, right: Node) -> None:
    """Refuse a share compared with a constant that no share reaches: 30 for 0.3.

    Raises:
        LanguageError: the comparison would always have one answer.
    """
    for share, other in ((left, right), (right, left)):
        if not (_is_share(share.type) and isinstance(other.type, NumberType)):
            continue
        value = other.type.low
        if value == other.type.high and not 0 <= value <= 1:
            note = f"write {value / 100:.10g}" if 1 < value <= 100 else ""
            fail(other, f"shares run 0 to 1; this is {value:.10g}", note, "bad-share")


def _is_share(type_: Type) -> bool:
    return isinstance(type_, NumberType) and type_.unit == "share" and type_.high <= 1


def arithmetic_type(operator: str, left: Node, right: Node) -> Type:
    """Return the type of an operation on two numbers or amounts. Raises LanguageError."""
    a, b = left.type, right.type
    for node in (left, right):
        if isinstance(node.type, DateType):
            fail(node, "dates are not added or subtracted", "use days_between(a, b)")
        if not isinstance(node.type, NumberType | MoneyType):
            fail(node, f"{describe(node.type)} does not go with {operator}")
    assert isinstance(a, NumberType | MoneyType) and isinstance(b, NumberType | MoneyType)
    if operator == "+" and _one_distribution(left, right):
        # What is absent may be the remainder of both, and would be counted twice.
        fail(right, "shares of one distribution do not add up", "write share(d, ['FR', 'DE'])")
    low, high = _static_bounds(operator, a, b)
    ranged = a.ranged or b.ranged
    money = (isinstance(a, MoneyType), isinstance(b, MoneyType))
    if operator in "+-":
        if any(money) and not all(money) and not (coerce.is_zero(a) or coerce.is_zero(b)):
            fail(
                right, "money and a number do not add up", "an amount is written money(1000, 'EUR')"
            )
        if any(money):
            return MoneyType(low, high, ranged)
        assert isinstance(a, NumberType) and isinstance(b, NumberType)
        return NumberType(coerce.join_unit(a.unit, b.unit), low, high, ranged)
    if money == (True, True) and operator == "*":
        fail(right, "money is not multiplied by money")
    if money == (False, True) and operator == "/":
        fail(right, "a number is not divided by money")
    if any(money) and not (all(money) and operator == "/"):
        return MoneyType(low, high, ranged)
    # 0.64 * 100 is no share any more: a product is a bare number, and templates name its format.
    return NumberType("number", low, high, ranged)


def _one_distribution(left: Node, right: Node) -> bool:
    shares = [node for node in (left, right) if isinstance(node, Call) and node.function == "share"]
    return len({show(share.arguments[0]) for share in shares}) == 1 and len(shares) == 2


def _static_bounds(
    operator: str, a: NumberType | MoneyType, b: NumberType | MoneyType
) -> tuple[float, float]:
    """Bound the result by interval arithmetic over what the schema allows."""
    result = ARITHMETIC[operator](SCALARS, Range(a.low, a.high), Range(b.low, b.high))
    _, low, high = SCALARS.ends(result)
    return low, high
