"""Conditions evaluated on a block of records at once.

A list's members are records of a level of their own: the body of a loop is evaluated once, over
the members of all lists, and what it reads from outside is repeated for each of them. Each node
is evaluated once a level. What has no meaning on columns is computed record by record, by its
meaning on single values; `by_record` names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from checker.language.columns.domain import COLUMNS, ColumnDomain, NotOnColumnsError, as_list
from checker.language.columns.kinds import (
    Column,
    ListColumn,
    RecordColumn,
    TextColumn,
    field_of,
    is_constant,
    known_of,
)
from checker.language.columns.level import Level
from checker.language.columns.lifting import lift, value_at
from checker.language.columns.values import full, mask, pick, stack, take
from checker.language.context import Context, TableValue
from checker.language.evaluate import MOST_WORK, Evaluator, common
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
    subtree,
    turned,
)
from checker.language.operators import lists, numbers, truths
from checker.language.operators.comparisons import comparison
from checker.language.specialise import free_slots
from checker.model.types import (
    DateType,
    ListType,
    MoneyType,
    NumberType,
    TableType,
)
from checker.model.values import UNKNOWN, Items, Value


class ColumnEvaluator:
    """Evaluates the nodes of one rule.

    Args:
        context: what the brief fixes.
        lets: the nodes of names that are evaluated when they are first read, by slot.
        on: tells how words are compared.
    """

    def __init__(
        self, context: Context, lets: Mapping[int, Node], on: ColumnDomain = COLUMNS
    ) -> None:
        self.context = context
        self.lets = lets
        self.on = on
        # What was computed record by record, by the identity of the node.
        self.by_record: dict[int, str] = {}
        self._free: dict[int, tuple[Node, frozenset[int]]] = {}

    def column(self, node: Node, level: Level) -> Column:
        """Return the column of a node at a level; a value where it is the same for all."""
        # What is not finite is unknown, by the definitions.
        with np.errstate(all="ignore"):
            return self.visit(node, level)

    def visit(self, node: Node, level: Level) -> Column:
        """Return the column of a node, which is made once a level."""
        found = level.made.get(id(node))
        if found is not None:
            return found
        if level.above is not None and not self._reads(node, level):
            found = take(self._few(node, level), level.owners)
        else:
            found = getattr(self, METHODS[type(node)])(node, level)
        level.made[id(node)] = found
        return found

    def _few(self, node: Node, level: Level) -> Column:
        """Return what a loop reads from outside of it.

        Of a record whose loop would look at too many members of a list, the list is unknown.
        """
        assert level.above is not None
        found = self.visit(node, level.above)
        if not isinstance(found, ListColumn):
            return found
        members = np.diff(found.offsets)[level.owners]
        many = np.bincount(level.roots, weights=members, minlength=level.root.size) > MOST_WORK
        if not many.any():
            return found
        level.too_many[id(node)] = many
        return mask(found, ~(many if level.above.roots is None else many[level.above.roots]))

    def _reads(self, node: Node, level: Level) -> bool:
        """Tell whether a node reads what is bound at a level, or binds names itself."""
        return bool(free_slots(node, self._free) & level.slots.keys())

    def literal(self, node: Literal, level: Level) -> Column:
        """Give a value that is known."""
        return node.value

    def table(self, node: TableName, level: Level) -> Column:
        """Give a table, bound to the brief."""
        assert isinstance(node.type, TableType)
        return self.context.tables[node.type]

    def variable(self, node: Variable, level: Level) -> Column:
        """Read a name, where it is bound."""
        if node.slot in level.slots:
            return level.slots[node.slot]
        if level.above is not None:
            return take(self.visit(node, level.above), level.owners)
        if node.slot in self.lets:
            return self.visit(self.lets[node.slot], level)
        return UNKNOWN

    def path(self, node: Path, level: Level) -> Column:
        """Read fields, one below the other."""
        record = self.visit(node.root, level)
        for name in node.names:
            if record is UNKNOWN:
                return UNKNOWN
            record = field_of(record, name)
        return record

    def held(self, node: Path, level: Level) -> Any:
        """Tell which records hold a path."""
        if level.above is not None and not self._reads(node.root, level):
            outside = self.held(node, level.above)
            return outside if isinstance(outside, bool) else outside[level.owners]
        record = self.visit(node.root, level)
        held: Any = True
        for name in node.names:
            if record is UNKNOWN:
                return False
            if isinstance(record, RecordColumn):
                held = held & record.holds(name)
                record = record.get(name)
            elif name in record:
                record = record[name]
            else:
                return False
        return held

    def choose(self, node: Choose, level: Level) -> Column:
        """Read the field that a code names."""
        record, key = self.visit(node.source, level), self.visit(node.key, level)
        if record is UNKNOWN or key is UNKNOWN:
            return UNKNOWN
        if is_constant(key):
            return field_of(record, key)
        made: Column = UNKNOWN
        for code, name in enumerate(key.values):
            made = pick(key.codes == code, field_of(record, name), made, node.type)
        return mask(made, known_of(record))

    def list_of(self, node: ListOf, level: Level) -> Column:
        """Make a list of its members."""
        parts = [self.visit(each, level) for each in node.members]
        if all(map(is_constant, parts)):
            return tuple(parts)
        size, width = level.size, len(parts)
        assert isinstance(node.type, ListType)
        whole = full(parts[0], size, node.type.item)
        for part in parts[1:]:
            whole = stack(whole, full(part, size, node.type.item))
        order = np.arange(size * width).reshape(width, size).T.reshape(-1)
        every = np.ones(size, bool)
        offsets = np.arange(size + 1) * width
        return ListColumn(every, offsets, take(whole, order), np.ones(size * width, bool))

    def convert(self, node: Convert, level: Level) -> Column:
        """Take text as a label or a date, alone or in a list."""
        source = self.visit(node.source, level)
        if is_constant(source):
            return Evaluator(self.context).build(_with_source(node, source))([])
        target = node.type.item if isinstance(node.type, ListType) else node.type
        texts = source.members if isinstance(source, ListColumn) else source
        if not is_constant(texts):
            texts = self._converted(node, target, texts)
        if isinstance(source, ListColumn):
            return ListColumn(source.known, source.offsets, texts, source.certain)
        return texts

    def _converted(self, node: Convert, target: Any, texts: TextColumn) -> Column:
        one = Evaluator(self.context).converter(target)
        made = [one(value) for value in texts.values]
        if isinstance(target, DateType):
            return take(lift(made, target), texts.codes)
        return TextColumn(texts.codes, tuple(made))

    def negate(self, node: Negate, level: Level) -> Column:
        """-a."""
        return numbers.negate(COLUMNS, self.visit(node.operand, level))

    def arithmetic(self, node: Arithmetic, level: Level) -> Column:
        """a + b and the like."""
        left, right = self.visit(node.left, level), self.visit(node.right, level)
        return numbers.ARITHMETIC[node.operator](COLUMNS, left, right)

    def compare(self, node: Compare, level: Level) -> Column:
        """a < b and the like, by the type of a."""
        left, right = (self.visit(each, level) for each in asked_of(node))
        return comparison(node.operator, node.left.type)(self.on, left, right)

    def contains(self, node: Contains, level: Level) -> Column:
        """`item in members`."""
        item, values = self.visit(node.item, level), self.visit(node.members, level)
        if values is UNKNOWN:
            return UNKNOWN
        type_, turn = node.item.type, turned(node.item, node.members)
        exact = not isinstance(type_, NumberType | MoneyType)
        if exact and isinstance(item, TextColumn) and isinstance(values, tuple):
            return self.on.in_fixed(item, values, turn=turn)
        many = as_list(values, level.size, ListType(type_))
        repeated = take(item, many.owners)
        found = lists.contains(self.on, repeated, many, numbers=not exact, turn=turn)
        return mask(found, known_of(many))

    def logic(self, node: Logic, level: Level) -> Column:
        """`and` and `or`."""
        join = truths.disjunction if node.operator == "or" else truths.conjunction
        return join(COLUMNS, [self.visit(each, level) for each in node.operands])

    def negation(self, node: Not, level: Level) -> Column:
        """`not`."""
        return truths.negation(COLUMNS, self.visit(node.operand, level))

    def conditional(self, node: Conditional, level: Level) -> Column:
        """Choose a side, or what both have in common where the test is unknown."""
        test = self.visit(node.test, level)
        then, otherwise = self.visit(node.then, level), self.visit(node.otherwise, level)
        if test is UNKNOWN:
            yes = no = np.zeros(level.size, bool)
        elif is_constant(test):
            return then if test else otherwise
        else:
            yes, no = COLUMNS.sides(test)
        chosen = pick(yes, then, otherwise, node.type)
        open_ = ~(yes | no)
        if not open_.any():
            return chosen
        return self._in_common(node, chosen, (then, otherwise), open_)

    def _in_common(
        self, node: Conditional, chosen: Column, sides: tuple[Column, Column], open_: Any
    ) -> Column:
        rows = np.flatnonzero(open_)
        if isinstance(node.type, NumberType | MoneyType):
            both = numbers.hull(COLUMNS, *(take(side, rows) for side in sides))
        else:
            a, b = sides
            values = [common(value_at(a, row), value_at(b, row)) for row in map(int, rows)]
            both = lift(values, node.type)
        size = len(open_)
        places = np.full(size, -1)
        places[rows] = np.arange(len(rows))
        return pick(open_, take(full(both, len(rows), node.type), places), chosen, node.type)

    def comprehension(self, node: Comprehension, level: Level) -> Column:
        """Run a loop over the members of all lists; where a filter is unknown they are possible."""
        inner = self.members(node, level)
        if not isinstance(inner, Level):
            return inner
        many = inner.lists
        assert many is not None
        element = full(self.visit(node.element, inner), inner.size, node.element.type)
        if node.condition is None:
            found = ListColumn(many.known, many.offsets, element, many.certain)
            return self._bounded(node, inner, found)
        yes, no = COLUMNS.sides(self.visit(node.condition, inner))
        kept = np.flatnonzero(np.broadcast_to(COLUMNS.invert(no), inner.size))
        certain = (many.certain & yes)[kept]
        counts = np.bincount(many.owners[kept], minlength=level.size)
        offsets = np.concatenate(([0], np.cumsum(counts)))
        found = ListColumn(many.known, offsets, take(element, kept), certain)
        return self._bounded(node, inner, found)

    def _bounded(self, node: Comprehension, inner: Level, found: Column) -> Column:
        """Return what a loop gives; unknown where it looks at too many, with the loops in it."""
        if inner.above is inner.root and inner.too_many:
            for part in subtree(node):
                if id(part) in inner.too_many:
                    found = mask(found, ~inner.too_many[id(part)])
        return found

    def members(self, node: Comprehension, level: Level) -> Level | Column:
        """Return the level of a loop, which loops over one list share; the list if it has none."""
        key = id(node.source), node.variable.slot
        if key in level.loops:
            return level.loops[key]
        source = self.visit(node.source, level)
        if isinstance(source, TableValue):
            source = source.rows
        if source is UNKNOWN or (is_constant(source) and not source_values(source)):
            return source if source is UNKNOWN else ()
        many = as_list(source, level.size, ListType(node.variable.type))
        slots = {node.variable.slot: many.members}
        inner = level.loops[key] = Level(len(many.certain), slots, level, many)
        return inner

    def bind(self, node: Bind, level: Level) -> Column:
        """Evaluate a definition's arguments once, then its body."""
        for variable, value in node.bindings:
            level.slots[variable.slot] = self.visit(value, level)
        return self.visit(node.body, level)

    def exists(self, node: Exists, level: Level) -> Column:
        """Ask which records hold a path."""
        held = self.held(node.path, level)
        return COLUMNS.truth(held, COLUMNS.invert(held))

    def default(self, node: Default, level: Level) -> Column:
        """Give the path's value, or the other where no record holds it."""
        held = self.held(node.path, level)
        value, otherwise = self.visit(node.path, level), self.visit(node.otherwise, level)
        if isinstance(held, bool):
            return value if held else otherwise
        return pick(held, value, otherwise, node.type)

    def call(self, node: Call, level: Level) -> Column:
        """Call a function, which is unknown where an argument is."""
        arguments = [self.visit(each, level) for each in node.arguments]
        if any(argument is UNKNOWN for argument in arguments):
            return UNKNOWN
        if all(map(is_constant, arguments)):
            return Evaluator(self.context, on=self.on.scalars).function(node)(*arguments)
        try:
            found = self._meaning(node, arguments, level.size)
        except NotOnColumnsError as error:
            self.by_record[id(node)] = str(error)
            return self.record_by_record(node, arguments, level.size)
        for argument in arguments:
            if not isinstance(argument, TableValue):
                found = mask(found, known_of(argument))
        return found

    def _meaning(self, node: Call, arguments: list[Column], size: int) -> Column:
        function = FUNCTIONS[node.function]
        if function.by_record:
            raise NotOnColumnsError(node.function)
        if isinstance(node.arguments[0].type, ListType) and not is_constant(arguments[0]):
            arguments[0] = as_list(arguments[0], size, node.arguments[0].type)
        return function.meaning(self.on, node, *arguments)

    def record_by_record(self, node: Call, arguments: list[Column], size: int) -> Column:
        """Call a function on each record's values."""
        run = Evaluator(self.context, on=self.on.scalars).function(node)
        rows: Any = range(size)
        texts = [argument for argument in arguments if isinstance(argument, TextColumn)]
        if len(texts) == 1 and all(a is texts[0] or is_constant(a) for a in arguments):
            # Each different text is looked at once.
            unlike = TextColumn(np.arange(len(texts[0].values), dtype=np.int32), texts[0].values)
            arguments = [unlike if a is texts[0] else a for a in arguments]
            rows = range(len(unlike.values))
        made = []
        for row in rows:
            values = [value_at(argument, row) for argument in arguments]
            known = all(value is not UNKNOWN for value in values)
            made.append(run(*values) if known else UNKNOWN)
        found = lift(made, node.type)
        return take(found, texts[0].codes) if len(made) != size or len(texts) == 1 else found


def source_values(source: tuple[Value, ...] | Items) -> tuple[Value, ...]:
    """Return the members of a list that is the same for all records."""
    return source.values if isinstance(source, Items) else source


def _with_source(node: Convert, value: Value) -> Convert:
    source = Literal(node.source.type, node.source.start, node.source.end, value)
    return replace(node, source=source)
