"""What each function takes and gives: one small check per function, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from typing import NoReturn

from checker.language.coerce import describe, fail, is_text_of_rule, join_all, take_kind, to_type
from checker.language.errors import LanguageError
from checker.language.nodes import Call, Default, Exists, Literal, Node, Path, Variable
from checker.language.scope import Scope
from checker.language.suggest import did_you_mean
from checker.model.types import (
    DateType,
    DistributionType,
    Field,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
)

Arguments = tuple[Node, ...]

COUNT = NumberType("count", 0, inf)

# The record that `mentions` gives for each place where a text names a word of a table.
_MENTION = {
    "text": Field(TextType("plain"), "words found"),
    "excerpt": Field(TextType("plain"), "words around what was found"),
    "start": Field(COUNT, "start"),
    "end": Field(COUNT, "end"),
    "words": Field(COUNT, "number of words"),
    "hashtag": Field(FlagType(), "hashtag"),
    "apart": Field(FlagType(), "set off from a sentence"),
    "lookalike": Field(FlagType(), "letters of another alphabet"),
    "named": Field(FlagType(), "name before it"),
    "place": Field(COUNT, "place in the run of hashtags"),
    "run": Field(COUNT, "length of the run of hashtags"),
}


def check_call(name: str, arguments: Arguments, start: int, end: int, scope: Scope) -> Node:
    """Check a call of the function `name` and return its node.

    Raises:
        LanguageError: the number or the types of the arguments do not fit.
    """
    usage, least, most, check = SIGNATURES[name]
    if not least <= len(arguments) <= most:
        raise LanguageError(f"{name} is called as {usage}", start, end, code="arguments")
    if name == "money":
        return _money(arguments, start, end, scope)
    if name in ("exists", "default"):
        return _asks(name, arguments, start, end)
    checked, type_ = check(arguments)
    if name == "mentions":
        scope.searched.update(each.type for each in checked if isinstance(each.type, TableType))
    return Call(type_, start, end, name, checked)


def _wrong(node: Node, wanted: str, note: str = "") -> NoReturn:
    fail(node, f"{wanted} is needed here, not {describe(node.type)}", note, "arguments")


def _item(node: Node) -> Type:
    if not isinstance(node.type, ListType):
        _wrong(node, "a list")
    return node.type.item


def _amounts(node: Node) -> NumberType | MoneyType:
    item = _item(node)
    if not isinstance(item, NumberType | MoneyType):
        fail(node, f"a list of numbers or money is needed here; its members are {describe(item)}")
    return item


def _sum(arguments: Arguments) -> tuple[Arguments, Type]:
    item = _amounts(arguments[0])
    low, high = (0.0 if item.low >= 0 else -inf), (0.0 if item.high <= 0 else inf)
    return arguments, replace(item, low=low, high=high, ranged=True)


def _mean(arguments: Arguments) -> tuple[Arguments, Type]:
    return arguments, _amounts(arguments[0])


def _extreme(arguments: Arguments) -> tuple[Arguments, Type]:
    if len(arguments) == 1:
        item = _item(arguments[0])
        if not isinstance(item, NumberType | MoneyType | DateType):
            fail(arguments[0], f"{describe(item)} has no smallest or largest")
        return arguments, item
    members, type_ = join_all(arguments, what="a comparison of")
    if not isinstance(type_, NumberType | MoneyType | DateType):
        _wrong(members[0], "a number, money or a date")
    return members, type_


def _count(arguments: Arguments) -> tuple[Arguments, Type]:
    _item(arguments[0])
    return arguments, replace(COUNT, ranged=True)


def _truths(arguments: Arguments) -> tuple[Arguments, Type]:
    if not isinstance(_item(arguments[0]), FlagType):
        fail(arguments[0], "a list of conditions is needed here", "any(x.fee > 0 for x in list)")
    return arguments, FlagType()


def _last(arguments: Arguments) -> tuple[Arguments, Type]:
    return arguments, _item(arguments[0])


def _abs(arguments: Arguments) -> tuple[Arguments, Type]:
    type_ = arguments[0].type
    if not isinstance(type_, NumberType | MoneyType):
        _wrong(arguments[0], "a number")
    high = max(abs(type_.low), abs(type_.high))
    low = 0.0 if type_.low <= 0 <= type_.high else min(abs(type_.low), abs(type_.high))
    return arguments, replace(type_, low=low, high=high)


def _days_between(arguments: Arguments) -> tuple[Arguments, Type]:
    dates = tuple(
        take_kind(node, DateType()) if is_text_of_rule(node.type) else node for node in arguments
    )
    for node in dates:
        if not isinstance(node.type, DateType):
            _wrong(node, "a date")
    return dates, NumberType("days")


def _overlap(arguments: Arguments) -> tuple[Arguments, Type]:
    for node in arguments:
        if not isinstance(_item(node), TextType):
            _wrong(node, "a list of texts")
    members, type_ = join_all(arguments, what="an overlap of")
    return members, type_


def _duplicates(arguments: Arguments) -> tuple[Arguments, Type]:
    if not isinstance(_item(arguments[0]), TextType):
        _wrong(arguments[0], "a list of texts")
    return arguments, arguments[0].type


def _distribution(node: Node) -> DistributionType:
    if not isinstance(node.type, DistributionType):
        _wrong(node, "a distribution")
    return node.type


_SHARE = NumberType("share", 0.0, 1.0, True)


def _share(arguments: Arguments) -> tuple[Arguments, Type]:
    type_ = _distribution(arguments[0])
    if type_.ages:
        fail(arguments[1], "ages are not keys", "use share_aged(d, ages)")
    keys = arguments[1]
    if not isinstance(_item(keys), TextType):
        _wrong(keys, "a list of keys")
    wanted = ListType(type_.keys)
    if is_text_of_rule(keys.type):
        return (arguments[0], take_kind(keys, wanted)), _SHARE
    (_, keys), _ = join_all((replace(keys, type=wanted), keys), what="a key that is")
    return (arguments[0], to_type(keys, wanted)), _SHARE


def _share_aged(arguments: Arguments) -> tuple[Arguments, Type]:
    if not _distribution(arguments[0]).ages:
        fail(arguments[0], "this distribution is not by age", "use share(d, keys)")
    if not (isinstance(arguments[1].type, RecordType) and arguments[1].type.name == "ages"):
        _wrong(arguments[1], "an age span", "such as brief.target.age, or a param {min: 18}")
    return arguments, _SHARE


def _table(node: Node, kinds: tuple[str, ...]) -> TableType:
    if not isinstance(node.type, TableType) or node.type.kind not in kinds:
        _wrong(node, "a table of kind " + " or ".join(kinds), "write tables.name")
    return node.type


def _band(arguments: Arguments) -> tuple[Arguments, Type]:
    if not isinstance(arguments[0].type, NumberType):
        _wrong(arguments[0], "a number")
    return arguments, _table(arguments[1], ("bands",)).row


def _lookup(arguments: Arguments) -> tuple[Arguments, Type]:
    *keys, last = arguments
    table = _table(last, ("lookup",))
    if len(keys) != len(table.keys):
        fail(last, f"this table is looked up by {', '.join(table.keys)}", code="arguments")
    checked = []
    for node, name in zip(keys, table.keys, strict=True):
        column = table.row.fields[name].type
        (_, node), common = join_all((replace(last, type=column), node), what="a key that is")
        checked.append(to_type(node, common))
    return (*checked, last), table.row


def _mentions(arguments: Arguments) -> tuple[Arguments, Type]:
    if not (isinstance(arguments[0].type, TextType) and arguments[0].type.kind == "plain"):
        _wrong(arguments[0], "plain text")
    table = _table(arguments[1], ("vocabulary", "lookup"))
    if len(arguments) > 2:
        _table(arguments[2], ("vocabulary", "lookup"))
    if len(arguments) == 4 and not isinstance(arguments[3].type, TextType):
        _wrong(arguments[3], "a name", "such as brand.name")
    fields = {"row": Field(table.row, "row"), **_MENTION}
    return arguments, ListType(RecordType("mention", fields))


def _money(arguments: Arguments, start: int, end: int, scope: Scope) -> Node:
    amount, currency = arguments
    if not isinstance(amount, Literal) or not isinstance(amount.type, NumberType):
        _wrong(amount, "a number written out", "money(1000, 'EUR')")
    if not isinstance(currency, Literal) or not isinstance(currency.type, TextType):
        _wrong(currency, "a currency's code in quotes", "money(1000, 'EUR')")
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


def _never(arguments: Arguments) -> tuple[Arguments, Type]:
    raise AssertionError("checked before the table is asked")


# How it is called (for messages), least and most arguments, and its check.
SIGNATURES: Mapping[str, tuple[str, int, int, Callable[[Arguments], tuple[Arguments, Type]]]] = {
    "sum": ("sum(list)", 1, 1, _sum),
    "min": ("min(list) or min(a, b)", 1, 20, _extreme),
    "max": ("max(list) or max(a, b)", 1, 20, _extreme),
    "mean": ("mean(list)", 1, 1, _mean),
    "count": ("count(list)", 1, 1, _count),
    "any": ("any(condition for x in list)", 1, 1, _truths),
    "all": ("all(condition for x in list)", 1, 1, _truths),
    "last": ("last(list)", 1, 1, _last),
    "abs": ("abs(number)", 1, 1, _abs),
    "exists": ("exists(path)", 1, 1, _never),
    "default": ("default(path, value)", 2, 2, _never),
    "days_between": ("days_between(from, to)", 2, 2, _days_between),
    "overlap": ("overlap(list, list)", 2, 2, _overlap),
    "duplicates": ("duplicates(list)", 1, 1, _duplicates),
    "share": ("share(distribution, keys)", 2, 2, _share),
    "share_aged": ("share_aged(distribution, ages)", 2, 2, _share_aged),
    "band": ("band(number, tables.name)", 2, 2, _band),
    "lookup": ("lookup(key, tables.name)", 2, 6, _lookup),
    "mentions": (
        "mentions(text, tables.name) or mentions(text, tables.name, tables.others)"
        " or mentions(text, tables.name, tables.others, name)",
        2,
        4,
        _mentions,
    ),
    "money": ("money(1000, 'EUR')", 2, 2, _never),
}
