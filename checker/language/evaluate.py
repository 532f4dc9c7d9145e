"""Evaluation: a typed tree becomes nested functions of a frame.

A frame is a list with a value in each slot (see `scope.SLOTS`). One small builder per kind
of node, in one table; nothing is written as Python source and nothing is `eval`ed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from checker.language.context import Context, TableValue
from checker.language.functions import FUNCTIONS
from checker.language.nodes import (
    METHODS,
    Arithmetic,
    Bind,
    Call,
    Choose,
    Compare,
    Comprehension,
    Conditional,
    Contains,
    Convert,
    Default,
    Exists,
    ListOf,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    Path,
    TableName,
    Variable,
    asked_of,
    turned,
)
from checker.language.operators import fast, numbers, truths
from checker.language.operators.scalars import SCALARS, Scalars, make_list, members
from checker.model.types import DateType, ListType, MoneyType, NumberType, TableType, TextType
from checker.model.values import UNKNOWN, Items, Range, Value

Frame = list[Value]
Run = Callable[[Frame], Value]

# A loop looks at so many members, with those of the loops in it: each of 1,000 with each other.
MOST_WORK = 1_000_000
ABSENT = object()
PENDING = object()


class Work:
    """How many members of lists were looked at since the outermost loop began.

    Beyond `most`, what a loop gives is unknown, and `too_much` is noted. `seen` counts all.
    """

    __slots__ = ("depth", "most", "seen", "spent", "too_much")

    def __init__(self) -> None:
        self.most = MOST_WORK
        self.depth = self.spent = self.seen = 0
        self.too_much = False

    def enter(self) -> None:
        """Begin a loop."""
        if not self.depth:
            self.spent = 0
        self.depth += 1

    def allows(self, count: int) -> bool:
        """Count members; tell whether they may be looked at. Outside of loops all may."""
        if self.depth:
            self.seen += count
            self.spent += count
            if self.spent > self.most:
                self.too_much = True
                return False
        return True


class Evaluator:
    """Builds the functions that evaluate nodes, for one context.

    `on` tells how words are compared. `lets` has the functions of names that are evaluated when
    they are first read: their slots hold `PENDING` until then.
    """

    def __init__(self, context: Context, work: Work | None = None, on: Scalars = SCALARS) -> None:
        self.context = context
        self.work = work or Work()
        self.on = on
        self.lets: dict[int, Run] = {}

    def build(self, node: Node) -> Run:
        """Return the function that evaluates `node` on a frame."""
        run: Run = getattr(self, METHODS[type(node)])(node)
        return run

    def literal(self, node: Literal) -> Run:
        """Give a value that is known."""
        value = node.value
        return lambda frame: value

    def table(self, node: TableName) -> Run:
        """Give a table, bound to the brief."""
        assert isinstance(node.type, TableType)
        value = self.context.tables[node.type]
        return lambda frame: value

    def variable(self, node: Variable) -> Run:
        """Read a slot."""
        slot = node.slot
        let = self.lets.get(slot)
        if let is None:
            return lambda frame: frame[slot]

        def read(frame: Frame) -> Value:
            value = frame[slot]
            if value is PENDING:
                value = frame[slot] = self.apart(let, frame)
            return value

        return read

    def apart(self, run: Run, frame: Frame) -> Value:
        """Evaluate what is no part of the loop in which it is first read."""
        work = self.work
        depth, spent = work.depth, work.spent
        work.depth = 0
        value = run(frame)
        work.depth, work.spent = depth, spent
        return value

    def path(self, node: Path) -> Run:
        """Read fields, one below the other."""
        root, names = self.build(node.root), node.names
        if isinstance(node.root, Variable) and node.root.slot not in self.lets:
            slot = node.root.slot

            def walk(frame: Frame) -> Value:
                record = frame[slot]
                for name in names:
                    if record is UNKNOWN:
                        return UNKNOWN
                    record = record.get(name, UNKNOWN)
                return record

            return walk
        return lambda frame: _walk(root(frame), names)

    def choose(self, node: Choose) -> Run:
        """Read the field that a code names."""
        source, key = self.build(node.source), self.build(node.key)

        def run(frame: Frame) -> Value:
            record, name = source(frame), key(frame)
            if record is UNKNOWN or name is UNKNOWN:
                return UNKNOWN
            return record.get(name, UNKNOWN)

        return run

    def list_of(self, node: ListOf) -> Run:
        """Make a list of its members."""
        members = [self.build(each) for each in node.members]
        return lambda frame: tuple([member(frame) for member in members])

    def convert(self, node: Convert) -> Run:
        """Take text as a label or a date, alone or in a list."""
        source, target = self.build(node.source), node.type
        if isinstance(target, ListType):
            item = self.converter(target.item)

            def run(frame: Frame) -> Value:
                values = source(frame)
                if values is UNKNOWN:
                    return UNKNOWN
                return make_list([(item(value), certain) for value, certain in members(values)])

            return run
        single = self.converter(target)
        return lambda frame: single(source(frame))

    def converter(self, target: object) -> Callable[[Value], Value]:
        """Return what takes one text as a label or a date."""
        if isinstance(target, DateType):
            return lambda value: value if value is UNKNOWN else datetime.date.fromisoformat(value)
        assert isinstance(target, TextType)
        label, vocabulary = self.context.label, target.vocabulary

        def to_label(value: Value) -> Value:
            if value is UNKNOWN:
                return UNKNOWN
            return label(value if isinstance(value, str) else value.text, vocabulary)

        return to_label

    def negate(self, node: Negate) -> Run:
        """-a."""
        operand = self.build(node.operand)
        return lambda frame: numbers.negate(SCALARS, operand(frame))

    def arithmetic(self, node: Arithmetic) -> Run:
        """a + b and the like."""
        return self._binary(fast.ARITHMETIC[node.operator], node.left, node.right)

    def compare(self, node: Compare) -> Run:
        """a < b and the like, by the type of a."""
        operate, sides = fast.comparison(node.operator, node.left.type, self.on), asked_of(node)
        return self._binary(operate, *sides)

    def _binary(self, operate: fast.Binary, left: Node, right: Node) -> Run:
        first, second = self.build(left), self.build(right)
        return lambda frame: operate(first(frame), second(frame))

    def contains(self, node: Contains) -> Run:
        """`item in members`."""
        item, values = self.build(node.item), self.build(node.members)
        exact = not isinstance(node.item.type, NumberType | MoneyType)
        turn = turned(node.item, node.members)
        work, on = self.work, self.on

        def run(frame: Frame) -> Value:
            found = values(frame)
            if found is UNKNOWN or (work.depth and not work.allows(_length(found))):
                return UNKNOWN
            return fast.contains(item(frame), found, exact=exact, on=on, turn=turn)

        return run

    def logic(self, node: Logic) -> Run:
        """`and` and `or`, by Kleene."""
        operands = [self.build(each) for each in node.operands]
        # "and" is settled by one false, "or" by one true; else unknown wins.
        settles = node.operator == "or"

        def run(frame: Frame) -> Value:
            result: Value = not settles
            for operand in operands:
                value = operand(frame)
                if value is settles:
                    return settles
                if value is UNKNOWN:
                    result = UNKNOWN
            return result

        return run

    def negation(self, node: Not) -> Run:
        """`not`, by Kleene."""
        operand = self.build(node.operand)
        return lambda frame: truths.negation(SCALARS, operand(frame))

    def conditional(self, node: Conditional) -> Run:
        """Choose a side, or what both have in common where the test is unknown."""
        test, then, otherwise = (
            self.build(each) for each in (node.test, node.then, node.otherwise)
        )

        def run(frame: Frame) -> Value:
            value = test(frame)
            if value is UNKNOWN:
                return common(then(frame), otherwise(frame))
            return then(frame) if value else otherwise(frame)

        return run

    def comprehension(self, node: Comprehension) -> Run:
        """Run a loop; a member whose filter is unknown is only possible."""
        source, element, slot = (
            self.build(node.source),
            self.build(node.element),
            node.variable.slot,
        )
        work = self.work
        keep = None if node.condition is None else self.build(node.condition)

        def run(frame: Frame) -> Value:
            values = source(frame)
            if values is UNKNOWN:
                return UNKNOWN
            if isinstance(values, TableValue):
                values = values.rows
            made: list[tuple[Value, bool]] = []
            work.enter()
            try:
                if not work.allows(_length(values)):
                    return UNKNOWN
                for index, (value, certain) in enumerate(members(values)):
                    frame[slot] = value
                    self.entered(node, frame, index)
                    kept = True if keep is None else keep(frame)
                    if kept is not False:
                        made.append((element(frame), certain and kept is True))
            finally:
                work.depth -= 1
            # What it found until there was too much would say more than is known.
            return make_list(made) if work.depth or work.spent <= work.most else UNKNOWN

        return run

    def entered(self, node: Comprehension, frame: Frame, index: int) -> None:
        """Do nothing; a tracing evaluator notes which member the loop is at."""

    def bind(self, node: Bind) -> Run:
        """Evaluate a definition's arguments once, then its body."""
        bindings = [(variable.slot, self.build(value)) for variable, value in node.bindings]
        body = self.build(node.body)

        def run(frame: Frame) -> Value:
            for slot, value in bindings:
                frame[slot] = value(frame)
            return body(frame)

        return run

    def exists(self, node: Exists) -> Run:
        """Ask whether a record holds a path."""
        root, names = self.build(node.path.root), node.path.names
        return lambda frame: look(root(frame), names) is not ABSENT

    def default(self, node: Default) -> Run:
        """Give the path's value, or the other where no record holds it."""
        root, names, otherwise = (
            self.build(node.path.root),
            node.path.names,
            self.build(node.otherwise),
        )

        def run(frame: Frame) -> Value:
            value = look(root(frame), names)
            return otherwise(frame) if value is ABSENT else value

        return run

    def call(self, node: Call) -> Run:
        """Call a function, which is unknown where an argument is."""
        function, work = self.function(node), self.work
        arguments = [self.build(each) for each in node.arguments]
        if len(arguments) == 1:
            (only,) = arguments

            def run_one(frame: Frame) -> Value:
                value = only(frame)
                if value is UNKNOWN or (work.depth and not work.allows(_length(value))):
                    return UNKNOWN
                return function(value)

            return run_one

        def run(frame: Frame) -> Value:
            values = [argument(frame) for argument in arguments]
            for value in values:
                if value is UNKNOWN or (work.depth and not work.allows(_length(value))):
                    return UNKNOWN
            return function(*values)

        return run

    def function(self, node: Call) -> Callable[..., Value]:
        """Return what a call computes of the values of its arguments, none of them unknown."""
        if node.function == "money":
            return self.context.money
        return partial(FUNCTIONS[node.function].meaning, self.on, node)


def _length(value: Value) -> int:
    """Return how many members a list has, or how many words a long text may have."""
    if isinstance(value, tuple):
        return len(value)
    if isinstance(value, Items):
        return len(value.values)
    return len(value) // 8 if isinstance(value, str) else 1


def _walk(record: Value, names: tuple[str, ...]) -> Value:
    for name in names:
        if record is UNKNOWN:
            return UNKNOWN
        record = record.get(name, UNKNOWN)
    return record


def look(record: Value, names: tuple[str, ...]) -> Any:
    """Return what a record holds at a path, or ABSENT; a present value may be UNKNOWN."""
    for name in names:
        if record is UNKNOWN or name not in record:
            return ABSENT
        record = record[name]
    return record


def common(a: Value, b: Value) -> Value:
    """Return what two possible values have in common: the hull of numbers, or the one value."""
    if a is UNKNOWN or b is UNKNOWN:
        return UNKNOWN
    if isinstance(a, float | Range) and isinstance(b, float | Range):
        return numbers.hull(SCALARS, a, b)
    return a if a == b else UNKNOWN
