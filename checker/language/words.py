"""A typed tree in plain words: what a rule asks, for people who do not read conditions.

The words name every part, so that they say what the condition says: no more and no less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from checker.language.format import default_format, write
from checker.language.functions import FUNCTIONS
from checker.language.functions.declare import listing
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
    Literal,
    Logic,
    Negate,
    Node,
    Not,
    Path,
    TableName,
    Variable,
)
from checker.language.operators.comparisons import COMPARISONS
from checker.language.show import show
from checker.model.types import DateType, ListType, TableType

_ROOTS = {
    "influencer": "the influencer",
    "brief": "the brief",
    "brand": "the brand",
    "deal": "the deal",
    "post": "the post",
    "shortlist": "the shortlist",
    "today": "today",
}
_AFTER = re.compile(r" (?:of|in|to|for) ")
# A definition's name that ends with one of these goes straight on to what it is about.
_JOINING = ("of", "in", "for", "by", "with", "to")
_BETWEEN = {"+": "plus", "-": "less", "*": "times", "/": "divided by"}


class Speaker:
    """Says nodes in words.

    `named` has the slots that are said by their name alone, since they are explained elsewhere:
    a rule's lets. `definitions` collects what the definitions that were spoken of stand for:
    "tier of person" and its words.
    """

    def __init__(self, named: Mapping[int, str]) -> None:
        self.named = named
        self.definitions: dict[str, str] = {}

    def say(self, node: Node) -> str:
        """Return the words for a node: a clause for a condition, else a name for a value."""
        match node:
            case Literal():
                return _value(node)
            case Convert():
                return self.say(node.source)
            case TableName(type=TableType() as table):
                return f"the table {table.name}"
            case Variable():
                return self._variable(node)
            case Path():
                return self._path(node)
            case Choose():
                return f"the {self._field_of(node.source)} for {self.say(node.key)}"
            case ListOf():
                return listing([self.say(each) for each in node.members], "or") or "nothing"
            case Negate():
                return f"minus {self._part(node.operand)}"
            case Arithmetic():
                return f"{self._part(node.left)} {_BETWEEN[node.operator]} {self._part(node.right)}"
            case Bind():
                return self._definition(node)
            case Conditional():
                return self._conditional(node)
            case Default():
                where = f"where {_are(self._path(node.path))} not recorded"
                return f"{self.say(node.path)} (or {self.say(node.otherwise)}, {where})"
            case Comprehension():
                return self._each(node)
            case Call():
                return self._call(node)
        return self.clause(node)

    # Conditions

    def clause(self, node: Node, *, holds: bool = True) -> str:
        """Return the words for a condition; with `holds` false, for its contrary."""
        match node:
            case Logic():
                return self._logic(node, holds=holds)
            case Not():
                return self.clause(node.operand, holds=not holds)
            case Compare():
                return self._compare(node, holds=holds)
            case Contains():
                is_in = "is one of" if holds else "is none of"
                return f"{self.say(node.item)} {is_in} {self.say(node.members)}"
            case Exists():
                return f"{_are(self._path(node.path))} {'' if holds else 'not '}recorded"
            case Call(function="any" | "all"):
                return self._quantified(node, holds=holds)
            case Literal():
                return "always" if (node.value is True) is holds else "never"
            case Conditional():
                then, test = self.clause(node.then, holds=holds), self.clause(node.test)
                return f"{then} if {test}, else {self.clause(node.otherwise, holds=holds)}"
        said = self.say(node)
        return f"{said} is {'true' if holds else 'not true'}"

    def _logic(self, node: Logic, *, holds: bool) -> str:
        # By De Morgan: not (a and b) is (not a) or (not b).
        word = node.operator if holds else {"and": "or", "or": "and"}[node.operator]
        parts = []
        for operand in node.operands:
            said = self.clause(operand, holds=holds)
            parts.append(f"({said})" if isinstance(operand, Logic | Conditional) else said)
        return f" {word} ".join(parts)

    def _compare(self, node: Compare, *, holds: bool) -> str:
        operator = node.operator
        if not holds:
            operator = COMPARISONS[operator].opposite
        counted = _counted(node.left)
        zero = isinstance(node.right, Literal) and node.right.value == 0
        if counted is not None and zero and operator in ("==", ">", "!="):
            return self._counts(counted, none=operator == "==")
        declared = COMPARISONS[operator]
        word = declared.dates if isinstance(node.left.type, DateType) else declared.clause
        return f"{self.say(node.left)} {word} {self.say(node.right)}"

    def _counts(self, node: Node, *, none: bool) -> str:
        if isinstance(node, Comprehension):
            some = "no" if none else "at least one"
            kept = self._kept(node)
            return f"there is {some} {node.variable.name} in {self.say(node.source)}{kept}"
        return f"{self.say(node)} is {'' if none else 'not '}empty"

    def _quantified(self, node: Call, *, holds: bool) -> str:
        (members,) = node.arguments
        if not isinstance(members, Comprehension):
            words = "every one of" if node.function == "all" else "at least one of"
            return f"{words} {self.say(members)} is {'true' if holds else 'not true'}"
        # Not every one holds: at least one does not. None holds: every one does not.
        every = (node.function == "all") is holds
        kept = self._kept(members)
        clause = self.clause(members.element, holds=holds)
        lead = "for every" if every else "for at least one"
        return f"{lead} {members.variable.name} in {self.say(members.source)}{kept}, {clause}"

    # Values

    def _variable(self, node: Variable) -> str:
        return self.named.get(node.slot) or _ROOTS.get(node.name) or node.name.replace("_", " ")

    def _path(self, node: Path) -> str:
        title = node.field.title or node.names[-1].replace("_", " ")
        match node.root:
            case Variable(name="params"):
                return node.names[-1].replace("_", " ")
            case Call(function="band" | "lookup", arguments=(*keys, TableName(type=table))):
                assert isinstance(table, TableType)
                words = listing([self.say(key) for key in keys], "and")
                return f"the {title} of {words} in the table {table.name}"
            case Variable() if "influencer" in node.names[:-1]:
                return f"{self.say(node.root)}'s influencer's {title}"
        return f"{self.say(node.root)}'s {title}"

    def _field_of(self, node: Node) -> str:
        if isinstance(node, Path):
            return node.field.title or node.names[-1].replace("_", " ")
        return self.say(node)

    def _part(self, node: Node) -> str:
        said = self.say(node)
        return f"({said})" if isinstance(node, Arithmetic | Conditional) else said

    def _conditional(self, node: Conditional) -> str:
        then, otherwise = self.say(node.then), self.say(node.otherwise)
        return f"{then} if {self.clause(node.test)}, else {otherwise}"

    def _definition(self, node: Bind) -> str:
        """Say a definition by its name, and keep what that stands for."""
        name = node.name.replace("_", " ")
        if node.bindings and name.split()[-1] not in _JOINING:
            name += " of"
        own = listing([variable.name.replace("_", " ") for variable, _ in node.bindings], "and")
        key = f"{name} {own}".strip()
        if key not in self.definitions:
            self.definitions[key] = ""  # Its place in the order of speaking.
            self.definitions[key] = self.say(node.body)
        given = listing([self.say(value) for _, value in node.bindings], "and")
        return f"{name} {given}".strip()

    def _kept(self, node: Comprehension) -> str:
        return f" where {self.clause(node.condition)}" if node.condition else ""

    def _each(self, node: Comprehension) -> str:
        source, name = self.say(node.source), node.variable.name
        if isinstance(node.element, Variable) and node.element.slot == node.variable.slot:
            return f"each {name} in {source}{self._kept(node)}"
        return f"{self.say(node.element)}, for each {name} in {source}{self._kept(node)}"

    def _call(self, node: Call) -> str:
        if node.function in ("any", "all"):
            return self.clause(node)
        if node.function == "count" and isinstance(node.arguments[0], Comprehension):
            loop = node.arguments[0]
            named = f" (each {loop.variable.name})" if loop.condition else ""
            return f"the number in {self.say(loop.source)}{named}{self._kept(loop)}"
        words = [self.say(each) for each in node.arguments]
        if node.function == "share" and isinstance(node.arguments[1].type, ListType):
            words[1] = f"one of {words[1]}"
        return show(node) if node.function == "money" else FUNCTIONS[node.function].words(words)


def _counted(node: Node) -> Node | None:
    if isinstance(node, Call) and node.function == "count":
        return node.arguments[0]
    return None


def _are(words: str) -> str:
    """Add the verb: "the brief's topics to avoid are", "the version of the guidelines is"."""
    head = _AFTER.split(words.rpartition("'s ")[2])[0]
    several = head.endswith("s") and not head.endswith("ss")
    return f"{words} {'are' if several else 'is'}"


def _value(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return write(node.value, default_format(node.type))
