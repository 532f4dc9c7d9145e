"""The engine that compiles cases to DuckDB's SQL; for cases of one influencer.

Each case runs on a row whose columns hold ranges, and on one whose columns hold none where the
records have none: both kernels must agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import duckdb

from checker.bulk.compile.choices import Tools
from checker.bulk.compile.expressions import Expressions
from checker.bulk.compile.lists import as_list, iterable, where_known
from checker.bulk.compile.numbers import as_number
from checker.bulk.compile.reasons import write_template
from checker.bulk.compile.records import Overlaid, Reader
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import Columns, possibly
from checker.bulk.compile.texts import Words, as_day, as_text, as_truth
from checker.bulk.compile.values import FixedList, Known, RowList, Val
from checker.bulk.compile.wording import Writer
from checker.bulk.layout import DoesNotFitError, Layout
from checker.bulk.quote import text_of
from checker.language.evaluate import Evaluator
from checker.language.nodes import Node
from checker.language.scope import BRIEF_SLOTS, SLOTS
from checker.language.specialise import Specialiser
from checker.language.templates import Template
from checker.model.types import (
    DateType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TextType,
    Type,
)
from tests.conformance.engines import Case, Plain, check, load, plain

CONNECTION = duckdb.connect()
# Takes what DuckDB gives back and returns it as the cases write it.
Decode = Callable[[Any], Any]


def deal_type(types: Any) -> RecordType:
    """Return a deal's own terms: the influencer lies in a column of its own."""
    whole = types["deal"]
    return RecordType("deal", {n: f for n, f in whole.fields.items() if n != "influencer"})


class DuckDB:
    """The compiler.

    `left` are the cases whose records no column holds, or whose words it leaves to the evaluator.
    """

    name = "duckdb"

    def __init__(self) -> None:
        self.left: set[str] = set()

    def value(self, case: Case) -> Any:
        """Return the value of the case's expression, as plain data."""
        loaded = load(case)
        node = check(case, loaded)
        assert isinstance(node, Node)
        try:
            return run_both(loaded, case.records, node)
        except DoesNotFitError:
            self.left.add(case.name)
            return Plain().value(case)

    def text(self, case: Case) -> str:
        """Return what the case's template writes."""
        loaded = load(case)
        template = check(case, loaded)
        assert isinstance(template, tuple)
        try:
            made = Row(loaded, case.records, ranges=True).text(template)
        except DoesNotFitError:
            made = None
        if made is None:
            self.left.add(case.name)
            return Plain().text(case)
        return made


class Row:
    """One case's row: its columns, and the environment in which its nodes are compiled."""

    def __init__(self, loaded: Any, records: Any, *, ranges: bool) -> None:
        desk = loaded.desk
        self.columns = Columns()
        words = Words(self.columns, desk.context.vocabularies)
        self.expressions = Expressions(Tools(self.columns, words, desk.context))
        types, spelt = desk.rules.types, desk.context.vocabularies
        people = Layout(types["influencer"], ranges=ranges, vocabularies=spelt)
        deals = Layout(deal_type(types), ranges=ranges, vocabularies=spelt)
        terms = {k: v for k, v in records.get("deal", {}).items() if k != "influencer"}
        person_sql = people.from_json(_json(people, records.get("influencer", {})))
        deal_sql = deals.from_json(_json(deals, terms))
        self.source = f"(SELECT {person_sql} AS influencer, {deal_sql} AS deal)"
        person = Reader(people, "influencer", desk.context, self.columns).record()
        deal = Reader(deals, "deal", desk.context, self.columns).record()
        frame = desk.frame(max(loaded.slots.next, 400), {})
        frame[SLOTS["params"]] = loaded.params
        evaluator = Evaluator(desk.context)
        values: dict[int, Val] = {
            SLOTS["influencer"]: person,
            SLOTS["deal"]: Overlaid(deal, {"influencer": person}),
        }
        reads = Specialiser(evaluator, frame, BRIEF_SLOTS)
        self.env = Env(evaluator, frame, frozenset(BRIEF_SLOTS), values, reads)

    def text(self, template: Template) -> str | None:
        """Return what a template writes; None where it is left to the evaluator."""
        writer = Writer(self.expressions.tools)
        worded = write_template(self.expressions, writer, template, self.env)
        query = f"SELECT {worded.sql}, {worded.hand} FROM {self.columns.select(self.source)}"
        found = CONNECTION.execute(query).fetchone()
        assert found is not None
        return None if found[1] else str(found[0])

    def run(self, node: Node) -> Any:
        """Return a node's value as the cases write it."""
        value = self.expressions.value(node, self.env)
        if isinstance(value, Known):
            return plain(value.value, node.type)
        sql, decode = encode(self.expressions, value, node.type)
        query = f"SELECT {sql} FROM {self.columns.select(self.source)}"
        found = CONNECTION.execute(query).fetchone()
        assert found is not None
        return decode(found[0])


def _json(layout: Layout, data: Any) -> str:
    return text_of(json.dumps(layout.row(data)))


def _number(value: Any) -> Any:
    if value is None or value["low"] is None:
        assert value is None or value["high"] is None, "one end is NULL alone"
        return "unknown"
    low, high = value["low"], value["high"]
    if low == high:
        return low
    ends = {"min": low, "max": high}
    return {key: end for key, end in ends.items() if abs(end) != float("inf")}


def _plain(value: Any) -> Any:
    return "unknown" if value is None else value


def encode(work: Expressions, value: Val, type_: Type) -> tuple[str, Decode]:
    """Return SQL that selects a value, and what reads the result."""
    match type_:
        case NumberType() | MoneyType():
            number = as_number(value)
            return f"{{'low': {number.low}, 'high': {number.high}}}", _number
        case FlagType():
            truth = as_truth(value)
            return truth.sql, _plain
        case DateType():
            return f"CAST({as_day(value)} AS VARCHAR)", _plain
        case TextType():
            return as_text(value), _plain
        case ListType():
            return _encode_list(work, value, type_.item)
    raise NotImplementedError(type(type_).__name__)


def _encode_list(work: Expressions, value: Val, item: Type) -> tuple[str, Decode]:
    found = as_list(value)
    if found is None:
        return "NULL", _plain
    listed = iterable(work.tools, found)
    if isinstance(listed, FixedList):
        parts: list[str] = []
        decode: Decode = _plain
        for member, keep in listed.members:
            sql, decode = encode(work, member, item)
            parts.append(f"{{'v': {sql}, 'c': {keep.sql}, 'd': {keep.sql} IS NULL}}")
        return f"[{', '.join(parts)}]", _list(decode)
    assert isinstance(listed, RowList)
    name = work.columns.variable()
    member, keep = listed.member(name)
    sql, read = encode(work, member, item)
    kept = f"list_filter({listed.source}, lambda {name}: {possibly(keep.sql)})"
    struct = f"{{'v': {sql}, 'c': {keep.sql}, 'd': {keep.sql} IS NULL}}"
    made = f"list_transform({kept}, lambda {name}: {struct})"
    return where_known(listed, made, "NULL"), _list(read)


def _list(decode: Decode) -> Decode:
    def run(found: Any) -> Any:
        if found is None:
            return "unknown"
        members = [each for each in found if each["c"] is not False]
        return [
            decode(each["v"]) if not each["d"] else {"maybe": decode(each["v"])} for each in members
        ]

    return run


def run_both(loaded: Any, records: Any, node: Node) -> Any:
    """Run a node on both kinds of columns; raises DoesNotFitError where no column holds it."""
    found = Row(loaded, records, ranges=True).run(node)
    try:
        again = Row(loaded, records, ranges=False).run(node)
    except DoesNotFitError:
        return found
    assert again == found, f"{again} without ranges, {found} with them"
    return found
