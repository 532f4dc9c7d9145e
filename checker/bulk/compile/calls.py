"""Calls of the language's functions in SQL: one small function for each, in one table.

No argument is unknown for every row: then the call is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checker.bulk.compile import folds, lists, numbers, shares, tables
from checker.bulk.compile.choices import Tools
from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.lists import as_list
from checker.bulk.compile.texts import as_day
from checker.bulk.compile.values import (
    Day,
    Known,
    ListVal,
    Number,
    Overlap,
    Shares,
    Truth,
    Val,
    is_sure,
)
from checker.language.context import TableValue
from checker.language.nodes import Call
from checker.model.types import DateType, ListType, MoneyType, NumberType, Type


def _list(value: Val) -> ListVal:
    listed = as_list(value)
    assert listed is not None
    return listed


def _count(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return lists.count(tools, _list(arguments[0]))


def _any(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return Truth(lists.any_of(tools, _list(arguments[0])))


def _all(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return Truth(lists.all_of(tools, _list(arguments[0])))


def _sum(tools: Tools, node: Call, arguments: list[Val]) -> Number:
    item = _item(node)
    assert isinstance(item, NumberType | MoneyType)
    return folds.total(tools, _list(arguments[0]), never_negative=item.low >= 0)


def _mean(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return folds.mean(tools, _list(arguments[0]), _sum(tools, node, arguments))


def _extreme(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    type_ = node.arguments[0].type
    if isinstance(type_, ListType):
        return folds.extreme(tools, node.function, _list(arguments[0]), type_.item)
    if isinstance(type_, DateType):
        return Day(numbers.extreme_of(node.function, [as_day(each) for each in arguments]))
    ends = [numbers.as_number(each) for each in arguments]
    return numbers.extreme(tools.columns, node.function, ends)


def _last(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return folds.last(tools, _list(arguments[0]), _item(node))


def _abs(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return numbers.absolute(tools.columns, numbers.as_number(arguments[0]))


def _days_between(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    first, second = (as_day(each) for each in arguments)
    days = tools.columns.share(f"({second} - {first})::DOUBLE")
    return Number(days, days, -4e6, 4e6, all(map(is_sure, arguments)))


def _overlap(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    first, second = (_list(each) for each in arguments)
    return Overlap(first, second, node.type)


def _duplicates(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return lists.duplicates(tools, _list(arguments[0]), node.type)


def _share(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return shares.share(tools, _shares(arguments[0]), _list(arguments[1]))


def _share_aged(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return shares.share_aged(tools, _shares(arguments[0]), arguments[1])


def _band(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    return tables.band(tools, arguments[0], _table(arguments[1]))


def _lookup(tools: Tools, node: Call, arguments: list[Val]) -> Val:
    *keys, table = arguments
    types = [key.type for key in node.arguments[:-1]]
    return tables.lookup(tools, keys, types, _table(table))


def _item(node: Call) -> Type:
    type_ = node.arguments[0].type
    assert isinstance(type_, ListType)
    return type_.item


def _shares(value: Val) -> Shares:
    if not isinstance(value, Shares):
        raise CannotCompileError("a share of a distribution that the brief or a table gives")
    return value


def _table(value: Val) -> TableValue:
    assert isinstance(value, Known) and isinstance(value.value, TableValue)
    return value.value


FUNCTIONS: Mapping[str, Callable[[Tools, Call, list[Val]], Val]] = {
    "count": _count,
    "any": _any,
    "all": _all,
    "sum": _sum,
    "mean": _mean,
    "min": _extreme,
    "max": _extreme,
    "last": _last,
    "abs": _abs,
    "days_between": _days_between,
    "overlap": _overlap,
    "duplicates": _duplicates,
    "share": _share,
    "share_aged": _share_aged,
    "band": _band,
    "lookup": _lookup,
}
