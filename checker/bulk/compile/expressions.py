"""Expressions in SQL: one small function for each kind of node, in one table.

What no row changes is computed by the language's own evaluator; only the rest becomes SQL.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace

from checker.bulk.compile import lists, numbers
from checker.bulk.compile.calls import FUNCTIONS
from checker.bulk.compile.certainty import is_plain
from checker.bulk.compile.choices import Tools, choose, conditional
from checker.bulk.compile.errors import CannotCompileError
from checker.bulk.compile.lists import as_list, contains
from checker.bulk.compile.records import Overlaid, RowRecord
from checker.bulk.compile.scopes import Env
from checker.bulk.compile.sql import FALSE, TRUE, both, either, negated, picked
from checker.bulk.compile.texts import as_day, as_text, as_truth
from checker.bulk.compile.values import (
    CERTAIN,
    NOTHING,
    Day,
    FixedList,
    Known,
    LabelWord,
    Number,
    Pick,
    RowList,
    Shares,
    Truth,
    Val,
    Word,
    field_of,
    is_sure,
    map_pick,
)
from checker.bulk.quote import text_of
from checker.language.evaluate import ABSENT, look
from checker.language.nodes import (
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
    Logic,
    Negate,
    Node,
    Not,
    Path,
    Variable,
)
from checker.language.text import BRANDS
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
from checker.model.values import UNKNOWN, Value


class Expressions:
    """Compiles nodes; an `Env` says what names stand for."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.columns = tools.columns

    def value(self, node: Node, env: Env) -> Val:
        """Return what a node compiles to.

        Raises:
            CannotCompileError: the node has no SQL.
        """
        here = (id(node), self.columns.branch)
        made = env.memo.get((id(node), 0)) or env.memo.get(here)
        if made is None:
            made = env.memo[here] = self._value(node, env)
        return made

    def _value(self, node: Node, env: Env) -> Val:
        if env.is_known(node):
            return Known(env.evaluate(node))
        build = _BUILDERS.get(type(node))
        if build is None:
            raise CannotCompileError("this", node)
        try:
            return self.shared(build(self, node, env))
        except CannotCompileError as error:
            if error.construct:
                raise
            raise CannotCompileError(error.what, node) from None

    def shared(self, value: Val) -> Val:
        """Return a value of which everything is computed once for each row."""
        share = self.columns.share
        match value:
            case Number():
                return numbers.share(self.columns, value)
            case Truth():
                return Truth(share(value.sql), value.settled)
            case Word():
                return replace(value, sql=share(value.sql))
            case LabelWord():
                return replace(value, sql=share(value.sql))
            case Day():
                return replace(value, sql=share(value.sql))
            case Pick():
                return replace(value, index=share(value.index))
        return value

    def truth(self, node: Node, env: Env) -> Truth:
        """Return a condition."""
        return as_truth(self.value(node, env))

    # Names and paths

    def variable(self, node: Variable, env: Env) -> Val:
        """Read a name."""
        return env.value_of(node.slot)

    def path(self, node: Path, env: Env) -> Val:
        """Read fields, one below the other."""
        root = self.value(node.root, env)
        if isinstance(root, Pick):
            return map_pick(root, lambda row: field_of(row, node.names))
        for name in node.names:
            if isinstance(root, Known):
                return Known(field_of(root.value, (name,)))
            assert isinstance(root, RowRecord | Overlaid)
            root = root.field(name)
        return root

    def choose(self, node: Choose, env: Env) -> Val:
        """Read the field that a code names."""
        source, key = self.value(node.source, env), self.value(node.key, env)
        assert isinstance(node.source.type, RecordType)
        if isinstance(source, Known | Pick):
            if source is NOTHING or (isinstance(source, Known) and source.value is UNKNOWN):
                return NOTHING
            raise CannotCompileError("a field that each row of a table names")
        assert isinstance(source, RowRecord | Overlaid)
        if isinstance(key, Known):
            return NOTHING if key.value is UNKNOWN else source.field(key.value)
        code = self.columns.share(as_text(key))
        names = tuple(node.source.type.fields)
        fields = [numbers.as_number(source.field(name)) for name in names]
        place = f"list_position([{', '.join(map(text_of, names))}], {code})"
        ends = ([each.low for each in fields], [each.high for each in fields])
        listed = (self.columns.share(f"[{', '.join(end)}]") for end in ends)
        low, high = (f"list_extract({each}, {place})" for each in listed)
        least = min(each.least for each in fields)
        return Number(low, high, least, max(each.most for each in fields))

    def held(self, path: Path, env: Env) -> str:
        """Return whether a record holds a path."""
        root = self.value(path.root, env)
        if isinstance(root, Known):
            return FALSE if look(root.value, path.names) is ABSENT else TRUE
        if isinstance(root, Pick):
            held = [str(look(row, path.names) is not ABSENT).lower() for row in root.values]
            return picked(root.index, held, FALSE)
        assert isinstance(root, RowRecord | Overlaid)
        return root.held(path.names)

    def exists(self, node: Exists, env: Env) -> Val:
        """Ask whether a record holds a path."""
        return Truth(self.held(node.path, env), settled=True)

    def default(self, node: Default, env: Env) -> Val:
        """Return the path's value, or another where no record holds it."""
        held = self.held(node.path, env)
        if held == TRUE:
            return self.value(node.path, env)
        otherwise = self.value(node.otherwise, env)
        if held == FALSE:
            return otherwise
        return choose(self.tools, held, self.value(node.path, env), otherwise, node.type)

    # Operators

    def list_of(self, node: ListOf, env: Env) -> Val:
        """Make a list of its members."""
        return FixedList(tuple((self.value(each, env), CERTAIN) for each in node.members))

    def convert(self, node: Convert, env: Env) -> Val:
        """Take text of a rule as a label or a date, alone or in a list."""
        source = self.value(node.source, env)
        target = node.type
        if not isinstance(target, ListType):
            return self._converted(source, target)
        listed = as_list(source)
        if listed is None:
            return NOTHING
        listed = lists.iterable(self.tools, listed)
        item = target.item
        if isinstance(listed, FixedList):
            return FixedList(tuple((self._converted(m, item), keep) for m, keep in listed.members))

        def member(x: str) -> tuple[Val, Truth]:
            each, keep = listed.member(x)
            return self._converted(each, item), keep

        return RowList(listed.source, member)

    def _converted(self, value: Val, target: Type) -> Val:
        if isinstance(target, TextType) and isinstance(value, LabelWord):
            if target.vocabulary == BRANDS:
                raise CannotCompileError("a label of the row taken as the name of a brand")
            return LabelWord(value.sql, target.vocabulary, "", value.plain, value.sure)

        def change(plain: Value) -> Value:
            if plain is UNKNOWN:
                return UNKNOWN
            if isinstance(target, DateType):
                return datetime.date.fromisoformat(plain)
            assert isinstance(target, TextType)
            text = plain if isinstance(plain, str) else plain.text
            return self.tools.context.label(text, target.vocabulary)

        if isinstance(value, Known):
            return Known(change(value.value))
        if isinstance(value, Pick):
            return map_pick(value, change)
        raise CannotCompileError("text of the row taken as another kind")

    def negate(self, node: Negate, env: Env) -> Val:
        """-a."""
        operand = numbers.as_number(self.value(node.operand, env))
        return numbers.negate(self.columns, operand)

    def arithmetic(self, node: Arithmetic, env: Env) -> Val:
        """a + b and the like."""
        left, right = (numbers.as_number(self.value(n, env)) for n in (node.left, node.right))
        return numbers.arithmetic(self.columns, node.operator, left, right)

    def compare(self, node: Compare, env: Env) -> Val:
        """a < b and the like, by the type of a."""
        left, right = self.value(node.left, env), self.value(node.right, env)
        type_ = node.left.type
        if isinstance(type_, NumberType | MoneyType):
            a, b = numbers.as_number(left), numbers.as_number(right)
            return numbers.truth(self.columns, node.operator, a, b)
        sure = is_sure(left) and is_sure(right)
        if isinstance(type_, DateType):
            return Truth(f"({as_day(left)} {_SIGNS[node.operator]} {as_day(right)})", sure)
        same = self.equal(left, right, type_)
        return Truth(same if node.operator == "==" else negated(same), sure)

    def equal(self, left: Val, right: Val, type_: Type) -> str:
        """Return whether two values of one type are equal."""
        if isinstance(type_, FlagType):
            return f"({as_truth(left).sql} = {as_truth(right).sql})"
        return self.tools.equal(left, right)

    def contains(self, node: Contains, env: Env) -> Val:
        """`item in members`."""
        members = as_list(self.value(node.members, env))
        if members is None:
            return NOTHING
        item = self.value(node.item, env)
        known = lists.plain_members(members)
        if isinstance(item, Pick) and known is not None:
            return map_pick(item, lambda each: lists.contains_known(each, known))
        # Where ranges overlap it is unknown.
        sure = isinstance(members, FixedList) and all(
            keep is CERTAIN and is_sure(each) and is_plain(each)
            for each, keep in (*members.members, (item, CERTAIN))
        )
        return Truth(contains(self.tools, item, members), sure)

    def logic(self, node: Logic, env: Env) -> Val:
        """`and` and `or`, by Kleene."""
        parts = [self.truth(each, env) for each in node.operands]
        join = both if node.operator == "and" else either
        return Truth(join(*(part.sql for part in parts)), all(part.settled for part in parts))

    def negation(self, node: Not, env: Env) -> Val:
        """`not`, by Kleene."""
        part = self.truth(node.operand, env)
        return Truth(negated(part.sql), part.settled)

    def conditional(self, node: Conditional, env: Env) -> Val:
        """Choose a side, or what both have in common where the test is unknown."""
        test = self.truth(node.test, env)
        if test.sql in (TRUE, FALSE):
            return self.value(node.then if test.sql == TRUE else node.otherwise, env)
        then, otherwise = self.value(node.then, env), self.value(node.otherwise, env)
        return conditional(self.tools, test, then, otherwise, node.type)

    def bind(self, node: Bind, env: Env) -> Val:
        """Compile a definition's body with its arguments."""
        return self.value(node.body, self.inside(node, env))

    def inside(self, node: Bind, env: Env) -> Env:
        """Return what names stand for in a definition's body; made once."""
        here = (id(node), self.columns.branch)
        inner = env.inner.get((id(node), 0)) or env.inner.get(here)
        if inner is None:
            inner = env
            for variable, value in node.bindings:
                inner = inner.bound(variable.slot, self.value(value, inner), value)
            env.inner[here] = inner
        return inner

    # Loops and functions

    def comprehension(self, node: Comprehension, env: Env) -> Val:
        """Go through a list; a member whose filter is unknown is only possible."""
        source = as_list(self.value(node.source, env))
        if source is None:
            return NOTHING
        source = lists.iterable(self.tools, source)
        if isinstance(source, RowList):
            listed = source

            def member(x: str) -> tuple[Val, Truth]:
                with self.columns.loop(x) as bind:
                    each, keep = self._element(node, env, *listed.member(x))
                    return bound(each, bind), Truth(bind(keep.sql), keep.settled)

            return RowList(listed.source, member)
        made = (self._element(node, env, each, keep) for each, keep in source.members)
        return FixedList(tuple((each, keep) for each, keep in made if keep.sql != FALSE))

    def _element(
        self, node: Comprehension, env: Env, member: Val, keep: Truth
    ) -> tuple[Val, Truth]:
        inner = env.bound(node.variable.slot, member, None)
        if node.condition is not None:
            condition = self.truth(node.condition, inner)
            keep = Truth(both(keep.sql, condition.sql), keep.settled and condition.settled)
        if keep.sql == FALSE:
            return NOTHING, keep
        return self.value(node.element, inner), keep

    def call(self, node: Call, env: Env) -> Val:
        """Call a function, which is unknown where an argument is."""
        arguments = [self.value(each, env) for each in node.arguments]
        if any(isinstance(each, Known) and each.value is UNKNOWN for each in arguments):
            return NOTHING
        make = FUNCTIONS.get(node.function)
        if make is None:
            raise CannotCompileError(f"{node.function}()", node)
        return make(self.tools, node, arguments)


def bound(value: Val, bind: Callable[[str], str]) -> Val:
    """Return a value of a loop with the names that it reads bound."""
    match value:
        case Number():
            low = bind(value.low)
            high = low if value.exact else bind(value.high)
            return replace(value, low=low, high=high)
        case Truth() | Word() | Day() | Shares():
            return replace(value, sql=bind(value.sql))
        case LabelWord():
            sql, key, plain = (bind(each) for each in (value.sql, value.key, value.plain))
            return LabelWord(sql, value.vocabulary, key, plain, value.sure)
        case Pick():
            return replace(value, index=bind(value.index))
        case RowRecord():
            return RowRecord(value.reader, bind(value.sql), value.type, sure=value.sure)
    return value


_SIGNS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}

_BUILDERS: Mapping[type[Node], Callable[..., Val]] = {
    Variable: Expressions.variable,
    Path: Expressions.path,
    Choose: Expressions.choose,
    ListOf: Expressions.list_of,
    Convert: Expressions.convert,
    Negate: Expressions.negate,
    Arithmetic: Expressions.arithmetic,
    Compare: Expressions.compare,
    Contains: Expressions.contains,
    Logic: Expressions.logic,
    Not: Expressions.negation,
    Conditional: Expressions.conditional,
    Comprehension: Expressions.comprehension,
    Bind: Expressions.bind,
    Exists: Expressions.exists,
    Default: Expressions.default,
    Call: Expressions.call,
}
