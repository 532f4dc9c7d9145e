"""Calls are checked: the number and the types of their arguments, by the function's declaration."""

from __future__ import annotations

from math import inf

from checker.language.coerce import fail, join_all
from checker.language.errors import LanguageError
from checker.language.functions import FUNCTIONS
from checker.language.functions.declare import Arguments, refuse
from checker.language.nodes import Call, Default, Exists, Literal, Node, Path, Variable
from checker.language.scope import Scope
from checker.language.suggest import did_you_mean
from checker.model.types import FlagType, MoneyType, NumberType, TableType, TextType


def check_call(name: str, arguments: Arguments, start: int, end: int, scope: Scope) -> Node:
    """Check a call of the function `name` and return its node.

    Raises:
        LanguageError: the number or the types of the arguments do not fit.
    """
    function = FUNCTIONS[name]
    if not function.least <= len(arguments) <= function.most:
        usage = " or ".join(function.usage)
        raise LanguageError(f"{name} is called as {usage}", start, end, code="arguments")
    if name == "money":
        return _money(arguments, start, end, scope)
    if name in ("exists", "default"):
        return _asks(name, arguments, start, end)
    checked, type_ = function.check(arguments)
    if name == "mentions":
        scope.searched.update(each.type for each in checked if isinstance(each.type, TableType))
    return Call(type_, start, end, name, checked)


def _money(arguments: Arguments, start: int, end: int, scope: Scope) -> Node:
    amount, currency = arguments
    if not isinstance(amount, Literal) or not isinstance(amount.type, NumberType):
        refuse(amount, "a number written out", "money(1000, 'EUR')")
    if not isinstance(currency, Literal) or not isinstance(currency.type, TextType):
        refuse(currency, "a currency's code in quotes", "money(1000, 'EUR')")
    if currency.value not in scope.currencies:
        note = did_you_mean(currency.value, scope.currencies)
        fail(currency, f'"{currency.value}" is no currency code', note, "unknown-value")
    # The sign is kept by any rate of exchange; the size is not.
    low, high = (0.0 if amount.value >= 0 else -inf), (0.0 if amount.value <= 0 else inf)
    return Call(MoneyType(low, high), start, end, "money", arguments)


def _asks(name: str, arguments: Arguments, start: int, end: int) -> Node:
    path = arguments[0]
    if not (isinstance(path, Path) and isinstance(path.root, Variable) and path.root.place):
        note = "a path, such as influencer.audience.age"
        fail(path, f"{name} asks about a field of a record", note, "arguments")
    if name == "exists":
        return Exists(FlagType(), start, end, path)
    (path_node, otherwise), type_ = join_all(arguments, what="a default between")
    if path_node is not path and not isinstance(path_node, Path):
        fail(path, "this field and its default are of two kinds of label")
    assert isinstance(path_node, Path)
    return Default(type_, start, end, path_node, otherwise)
