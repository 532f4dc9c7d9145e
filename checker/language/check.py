"""The type checker: from Python's syntax tree to the typed tree.

Whatever is not named here is not in the language.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, NoReturn, cast

from checker.language import coerce
from checker.language.calls import check_call
from checker.language.coerce import describe, fail
from checker.language.errors import LanguageError
from checker.language.fields import choose, field_of
from checker.language.functions import FUNCTIONS
from checker.language.nodes import (
    Arithmetic,
    Bind,
    Compare,
    Comprehension,
    Conditional,
    ListOf,
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    TableName,
    Variable,
    side,
)
from checker.language.operators.types import (
    arithmetic_type,
    check_comparable,
    contains,
    flag,
    member,
)
from checker.language.parse import Parsed, parse
from checker.language.scope import Scope, Slots, bind_name, has_place
from checker.language.suggest import did_you_mean
from checker.model.types import (
    DistributionType,
    FlagType,
    ListType,
    MoneyType,
    NumberType,
    RecordType,
    TableType,
    TextType,
    Type,
)

# A rule's expressions together, definitions expanded; beyond this no person can follow it.
MOST_NODES = 5_000
# Deeper than this, and so is one expression; with its definitions it may be deeper.
DEEPEST = 40
DEEPEST_EXPANDED = 100

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class DefinitionError(LanguageError):
    """An error inside a definition's own text, met at a call of it."""

    def __init__(self, definition: str, error: LanguageError) -> None:
        super().__init__(error.message, error.start, error.end, note=error.note, code=error.code)
        self.definition = definition


def check_expression(text: str, scope: Scope, slots: Slots) -> Node:
    """Parse and type-check one expression.

    Raises:
        LanguageError: it is no expression, or its types do not fit.
    """
    return _Checker(parse(text), scope, slots, ()).check()


class _Checker:
    """Checks one text. `calls` are the definitions being expanded, to refuse recursion.

    `above` counts the levels of the expressions around it.
    """

    def __init__(
        self, parsed: Parsed, scope: Scope, slots: Slots, calls: tuple[str, ...], above: int = 0
    ) -> None:
        self.parsed = parsed
        self.scope = scope
        self.slots = slots
        self.calls = calls
        self.above = above
        self.depth = 0

    def check(self) -> Node:
        return self.visit(self.parsed.tree)

    def visit(self, tree: ast.expr) -> Node:
        self.slots.nodes += 1
        if self.slots.nodes > MOST_NODES:
            self.refuse(tree, "the rule is too large once its definitions are expanded")
        handler = self._HANDLERS.get(type(tree))
        if handler is None:
            self.refuse(tree, _UNKNOWN_SYNTAX.get(type(tree), "this is not part of the language"))
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(tree, "the expression is nested too deeply")
        if self.above + self.depth > DEEPEST_EXPANDED:
            self.refuse(tree, "the rule is nested too deeply once its definitions are expanded")
        node = handler(self, tree)
        self.depth -= 1
        return node

    def refuse(
        self, tree: ast.expr, message: str, note: str = "", code: str = "condition"
    ) -> NoReturn:
        start, end = self.parsed.span(tree)
        raise LanguageError(message, start, end, note=note, code=code)

    # Names and paths

    def constant(self, tree: ast.Constant) -> Node:
        start, end = self.parsed.span(tree)
        value = tree.value
        if isinstance(value, bool):
            return Literal(FlagType(), start, end, value)
        if isinstance(value, int | float):
            if abs(value) > 1e15:
                self.refuse(tree, "this number is too large", "at most 10 to the 15th")
            exact = float(value)
            return Literal(NumberType("number", exact, exact), start, end, exact)
        if isinstance(value, str):
            text = unicodedata.normalize("NFC", value)
            return Literal(TextType("literal", (text,)), start, end, text)
        self.refuse(tree, "this value is not part of the language")

    def name(self, tree: ast.Name) -> Node:
        start, end = self.parsed.span(tree)
        if tree.id in self.scope.bound:
            return replace(self.scope.bound[tree.id], start=start, end=end)
        if tree.id in ("true", "false"):
            return Literal(FlagType(), start, end, tree.id == "true")
        root = self.scope.root(tree.id, start, end)
        if root is not None:
            return root
        self.unknown_name(tree)

    def unknown_name(self, tree: ast.Name) -> NoReturn:
        if tree.id == "tables":
            self.refuse(tree, "tables is used with a table's name", "write tables.name")
        if tree.id in FUNCTIONS or tree.id in self.scope.definitions:
            self.refuse(tree, f"{tree.id} is called with brackets", f"write {tree.id}(...)")
        if tree.id in ("influencer", "deal", "shortlist", "post"):
            note = f"here: {', '.join(self.scope.roots)}"
            self.refuse(tree, f"{tree.id} is not known in this scope", note, "unknown-name")
        note = did_you_mean(tree.id, self.scope.names())
        self.refuse(tree, f'nothing here is called "{tree.id}"', note, "unknown-name")

    def attribute(self, tree: ast.Attribute) -> Node:
        start, end = self.parsed.span(tree)
        if isinstance(tree.value, ast.Name) and tree.value.id == "tables":
            return self.table(tree)
        return field_of(self.visit(tree.value), tree.attr, start, end)

    def table(self, tree: ast.Attribute) -> Node:
        start, end = self.parsed.span(tree)
        type_ = self.scope.tables.get(tree.attr)
        if type_ is None:
            at = Literal(FlagType(), end - len(tree.attr), end, False)
            note = did_you_mean(tree.attr, self.scope.tables) or "is its pack named under uses?"
            fail(at, f'no table is called "{tree.attr}"', note, "unknown-table")
        return TableName(type_, start, end)

    def subscript(self, tree: ast.Subscript) -> Node:
        start, end = self.parsed.span(tree)
        if isinstance(tree.slice, ast.Slice):
            self.refuse(tree, "slices are not part of the language")
        source, key = self.visit(tree.value), self.visit(tree.slice)
        if isinstance(source.type, DistributionType):
            keys = ListOf(ListType(key.type), key.start, key.end, (key,))
            return check_call("share", (source, keys), start, end, self.scope)
        if isinstance(source.type, RecordType) and source.type.fields:
            return choose(source, source.type, key, start, end)
        fail(source, f"{describe(source.type)} has no [ ]", "a distribution has")

    # Operators

    def unary(self, tree: ast.UnaryOp) -> Node:
        start, end = self.parsed.span(tree)
        operand = self.visit(tree.operand)
        if isinstance(tree.op, ast.Not):
            return Not(FlagType(), start, end, flag(operand))
        if not isinstance(tree.op, ast.USub):
            self.refuse(tree, "this sign is not part of the language")
        if not isinstance(operand.type, NumberType | MoneyType):
            fail(operand, f"{describe(operand.type)} has no minus")
        type_ = replace(operand.type, low=-operand.type.high, high=-operand.type.low)
        if isinstance(operand, Literal):
            return Literal(type_, start, end, -operand.value)
        return Negate(type_, start, end, operand)

    def binary(self, tree: ast.BinOp) -> Node:
        start, end = self.parsed.span(tree)
        operator = _ARITHMETIC.get(type(tree.op))
        if operator is None:
            self.refuse(tree, "this operator is not part of the language", "it has + - * /")
        left, right = self.visit(tree.left), self.visit(tree.right)
        return Arithmetic(arithmetic_type(operator, left, right), start, end, operator, left, right)

    def logic(self, tree: ast.BoolOp) -> Node:
        start, end = self.parsed.span(tree)
        operator = "and" if isinstance(tree.op, ast.And) else "or"
        operands = tuple(flag(self.visit(value)) for value in tree.values)
        return Logic(FlagType(), start, end, operator, operands)

    def compare(self, tree: ast.Compare) -> Node:
        start, end = self.parsed.span(tree)
        if len(tree.ops) > 1:
            self.check_chain(tree)
        parts = [self.visit(each) for each in (tree.left, *tree.comparators)]
        links = [
            self.link(tree, operator, left, right)
            for operator, left, right in zip(tree.ops, parts, parts[1:], strict=False)
        ]
        if len(links) == 1:
            return replace(links[0], start=start, end=end)
        return Logic(FlagType(), start, end, "and", tuple(links))

    def check_chain(self, tree: ast.Compare) -> None:
        kinds = {type(operator) for operator in tree.ops}
        if not (kinds <= {ast.Lt, ast.LtE} or kinds <= {ast.Gt, ast.GtE}):
            self.refuse(tree, "a chain of comparisons runs in one direction", "join them with and")

    def link(self, tree: ast.Compare, operator: ast.cmpop, left: Node, right: Node) -> Node:
        if isinstance(operator, ast.In | ast.NotIn):
            found = contains(left, right)
            if isinstance(operator, ast.In):
                return found
            return Not(FlagType(), found.start, found.end, found)
        sign = _COMPARISONS.get(type(operator))
        if sign is None:
            self.refuse(tree, "is is not part of the language", "write == or !=")
        (left, right), type_ = coerce.join_all((left, right), what="a comparison of")
        check_comparable(sign, left, type_)
        return Compare(FlagType(), left.start, right.end, sign, left, right)

    def conditional(self, tree: ast.IfExp) -> Node:
        start, end = self.parsed.span(tree)
        test = flag(self.visit(tree.test))
        sides = (coerce.open_label(self.visit(each)) for each in (tree.body, tree.orelse))
        (then, otherwise), type_ = coerce.join_all(sides, what="an if between")
        return Conditional(type_, start, end, test, then, otherwise)

    # Lists, calls

    def list_of(self, tree: ast.List | ast.Tuple) -> Node:
        start, end = self.parsed.span(tree)
        if not tree.elts:
            self.refuse(tree, "an empty list says nothing")
        parts = [member(self.visit(each)) for each in tree.elts]
        members, type_ = coerce.join_all(parts, what="a list of")
        return ListOf(ListType(type_), start, end, members)

    def comprehension(self, tree: ast.ListComp | ast.GeneratorExp) -> Node:
        start, end = self.parsed.span(tree)
        if len(tree.generators) != 1 or tree.generators[0].is_async:
            self.refuse(tree, "a list is made from one list")
        loop = tree.generators[0]
        if not isinstance(loop.target, ast.Name):
            self.refuse(loop.target, "a loop has one name")
        source = self.visit(loop.iter)
        if isinstance(source.type, TableType):
            return self.loop(tree, loop, source, source.type.row, start, end)
        if not isinstance(source.type, ListType):
            note = "use share(d, keys)" if isinstance(source.type, DistributionType) else ""
            fail(source, f"{describe(source.type)} is not a list", note)
        return self.loop(tree, loop, source, source.type.item, start, end)

    def loop(
        self,
        tree: ast.ListComp | ast.GeneratorExp,
        loop: ast.comprehension,
        source: Node,
        item: Type,
        start: int,
        end: int,
    ) -> Node:
        assert isinstance(loop.target, ast.Name)
        name = loop.target.id
        self.refuse_shadow(loop.target, name)
        place = has_place(source) and isinstance(item, RecordType)
        span, slot = self.parsed.span(loop.target), self.slots.take()
        variable = Variable(item, *span, name, slot, place, side(source))
        self.scope.bound[name] = variable
        try:
            tests = tuple(flag(self.visit(each)) for each in loop.ifs)
            element = member(self.visit(tree.elt))
        finally:
            del self.scope.bound[name]
        condition: Node | None = tests[0] if tests else None
        if len(tests) > 1:
            condition = Logic(FlagType(), tests[0].start, tests[-1].end, "and", tests)
        return Comprehension(
            ListType(element.type), start, end, variable, source, condition, element
        )

    def refuse_shadow(self, tree: ast.expr, name: str) -> None:
        if name in self.scope.names() or name in self.scope.definitions or name in FUNCTIONS:
            self.refuse(tree, f'"{name}" already means something here', "take another name")

    def call(self, tree: ast.Call) -> Node:
        start, end = self.parsed.span(tree)
        if not isinstance(tree.func, ast.Name):
            self.refuse(tree, "only functions and definitions are called, by their names")
        if tree.keywords:
            self.refuse(tree, "arguments are given without names")
        if any(isinstance(argument, ast.Starred) for argument in tree.args):
            self.refuse(tree, "* is not known before an argument")
        name = tree.func.id
        if name in self.scope.definitions:
            return self.expand(tree, name, start, end)
        if name not in FUNCTIONS:
            note = did_you_mean(name, (*FUNCTIONS, *self.scope.definitions))
            self.refuse(tree.func, f'no function is called "{name}"', note, "unknown-function")
        return check_call(
            name, tuple(self.visit(each) for each in tree.args), start, end, self.scope
        )

    def expand(self, tree: ast.Call, name: str, start: int, end: int) -> Node:
        definition = self.scope.definitions[name]
        if name in self.calls:
            self.refuse(tree, f"{name} calls itself", "a definition may not")
        if len(tree.args) != len(definition.arguments):
            wanted = ", ".join(definition.arguments)
            self.refuse(tree, f"{name} is called as {name}({wanted})")
        values = [self.visit(argument) for argument in tree.args]
        inner = replace(self.scope, bound={}, params=RecordType("params"))
        bindings = tuple(
            (bind_name(inner, self.slots, argument, value), value)
            for argument, value in zip(definition.arguments, values, strict=True)
        )
        try:
            calls, above = (*self.calls, name), self.above + self.depth
            body = _Checker(parse(definition.text), inner, self.slots, calls, above).check()
        except DefinitionError:
            raise
        except LanguageError as error:
            raise DefinitionError(name, error) from None
        return Bind(body.type, start, end, name, bindings, body)

    _HANDLERS: ClassVar[Mapping[type[ast.expr], Callable[[_Checker, ast.expr], Node]]] = cast(
        "Mapping[type[ast.expr], Callable[[_Checker, ast.expr], Node]]",
        {
            ast.Constant: constant,
            ast.Name: name,
            ast.Attribute: attribute,
            ast.Subscript: subscript,
            ast.UnaryOp: unary,
            ast.BinOp: binary,
            ast.BoolOp: logic,
            ast.Compare: compare,
            ast.IfExp: conditional,
            ast.List: list_of,
            ast.Tuple: list_of,
            ast.ListComp: comprehension,
            ast.GeneratorExp: comprehension,
            ast.Call: call,
        },
    )


_UNKNOWN_SYNTAX: Mapping[type[ast.expr], str] = {
    ast.Lambda: "lambda is not part of the language",
    ast.Dict: "{ } is not part of the language",
    ast.Set: "{ } is not part of the language; a list has [ ]",
    ast.JoinedStr: "f-strings are not part of the language",
    ast.NamedExpr: ":= is not part of the language",
    ast.Await: "await is not part of the language",
    ast.Yield: "yield is not part of the language",
}
